// One run covers both runtimes: `worker` tests run inside workerd, `node` tests in Node.

import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Signs session ids in tests. */
const SECRET = Buffer.alloc(32, 7).toString('base64url')

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { STUI_SESSION_SECRETS: SECRET } },
          }),
        ],
        test: { name: 'worker', include: ['test/**/*.worker.test.ts'] },
      },
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.worker.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
    ],
  },
})
