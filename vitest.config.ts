// One run covers both runtimes: `worker` tests run inside workerd, `node` tests in Node.

import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** For what hangs; nothing that is asserted depends on it. */
const PATIENCE_MS = 120_000
const PATIENCE = {
  ...{ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS },
  expect: { poll: { timeout: PATIENCE_MS } },
}

/** Signs session ids in tests. */
const SECRET = Buffer.alloc(32, 7).toString('base64url')

export default defineConfig({
  test: {
    // Most files wait for processes of theirs rather than compute.
    maxWorkers: 3,
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { STUI_SESSION_SECRETS: SECRET } },
          }),
        ],
        test: { name: 'worker', include: ['test/**/*.worker.test.ts'], ...PATIENCE },
      },
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.worker.test.ts'],
          ...PATIENCE,
        },
      },
    ],
  },
})
