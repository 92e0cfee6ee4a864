// Builds the Worker to one module, as wrangler would: for the local stack, the tests and the benchmark.

import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'

/** The compatibility settings of wrangler.toml; a test compares them. */
export const COMPATIBILITY = {
  date: '2026-10-20',
  flags: ['nodejs_compat'],
} as const

const ENTRY = fileURLToPath(import.meta.resolve('../../src/index.ts'))

/** Bundles `entry` (the Worker itself unless another is given) and gives the module's text. */
export async function buildWorker(entry: string = ENTRY): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    legalComments: 'none',
    logLevel: 'silent',
  })
  const script = result.outputFiles[0]?.text
  if (script === undefined) throw new Error('the build of the Worker gave no module')
  return script
}

/** Ends the process that builds; without this it waits for the next build. */
export function endBuilding(): Promise<void> {
  return stop()
}
