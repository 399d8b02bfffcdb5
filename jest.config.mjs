// Tests run as CommonJS through swc; the relative `.js` in our ES imports is mapped back to the `.ts` beside it,
// and the one ESM-only dependency (the CEL library) is transformed along.
export default {
  testEnvironment: '<rootDir>/test/support/nothing-left-open.ts',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
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
  testTimeout: 30_000,
  maxWorkers: 2,
};
