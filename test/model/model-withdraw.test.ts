// Every interleaving of a withdraw.

import { keepsThePromise } from './exploring.js';

keepsThePromise('withdraw');
