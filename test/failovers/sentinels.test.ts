import { describe } from '@jest/globals';
import { failoversOf } from './failovers-of.js';

describe('in a Sentinel set', () => failoversOf('a Sentinel set'));
