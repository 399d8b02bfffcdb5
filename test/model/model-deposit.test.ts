// Every interleaving of a deposit.

import { keepsThePromise } from './exploring.js';

keepsThePromise('deposit');
