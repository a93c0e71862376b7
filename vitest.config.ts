/** How the tests run: each file in a process of its own, because files start servers, change folders and send signals. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real agents are installed and run only by `npm run test:agents`.
    exclude: [
      ...(process.env.PAWL_AGENTS === 'real' ? [] : ['test/agents/**']),
      // So are the suites of MCP, by `npm run test:mcp`.
      ...(process.env.PAWL_MCP === 'suites' ? [] : ['test/mcp/**']),
      // Those of the live page need a browser: `npm run test:browser`.
      ...(process.env.PAWL_PAGE === 'browser' ? [] : ['test/browser/**']),
    ],
    pool: 'forks',
    setupFiles: ['test/compile-cache.ts'],
    // Much of what the tests do is to wait for servers: two at once are worth it on the smallest machine, too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Bounds for a hang, not expectations of speed: on a busy machine a dev server takes seconds to start, and a real agent a minute.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What a user's shell points at must not decide what the tests do.
    env: {
      TEMPORAL_ADDRESS: '',
      TEMPORAL_PROFILE: '',
      PAWL_HOME: '',
      PAWL_PORT: '',
      PAWL_HOST: '',
      PAWL_TOKEN: '',
      PAWL_URL: '',
      // Hundreds of homes need none.
      PAWL_BALLAST_MB: '0',
    },
  },
});
