import { describe } from '@jest/globals';
import { failoversOf } from './failovers-of.js';

describe('in a Cluster', () => failoversOf('a Cluster'));
