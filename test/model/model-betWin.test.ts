// Every interleaving of a betWin.

import { keepsThePromise } from './exploring.js';

keepsThePromise('betWin');
