// Tests run as CommonJS through swc; the relative `.js` in our ES imports is mapped back to the `.ts` beside it,
// and the one ESM-only dependency (the CEL library) is transformed along. What is told of whole bridges is told
// once more in the platform's other dialect.
const tests = {
  testEnvironment: '<rootDir>/test/support/nothing-left-open.ts',
  transform: {
    '^.+\\.(ts|m?js)$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@marcbachmann/cel-js/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  globalSetup: '<rootDir>/test/support/ensure-redis.ts',
};
// Of what no dialect changes: replies, files, Redis, people. Faults mix both dialects by themselves.
const toldOnce = [
  '/a-damaged-reply-is-never-better',
  '/a-person-ends-what-nobody-knows',
  '/no-money-is-lost-under-faults',
  '/a-reload-drops-no-callback',
  '/a-failover-doubles-no-bet',
  '/a-record-goes-to-no-other-wallet',
  '/a-wallet-in-any-state-gets-an-answer',
  '/an-emptied-journal-moves-no-money',
  '/a-rolling-restart-refuses-no-callback',
  '/a-rotation-refuses-no-callback',
  '/nothing-secret-is-ever-written',
];

export default {
  projects: [
    {
      ...tests,
      displayName: 'all',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/failovers/'],
    },
    {
      ...tests,
      displayName: 'in v2',
      testMatch: ['<rootDir>/test/e2e/*.test.ts'],
      testPathIgnorePatterns: toldOnce,
      globals: { platformDialect: 'v2' },
    },
    // Alone, after the others: Sentinels that a busy machine holds up trust nothing.
    { ...tests, displayName: 'failovers', testMatch: ['<rootDir>/test/failovers/*.test.ts'] },
  ],
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  testTimeout: 30_000,
  // Most of them wait for processes and clocks most of the time.
  maxWorkers: 4,
};
