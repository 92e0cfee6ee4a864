// The package.json of the packed bridge: what it is, what it needs, and nothing else.

import { isBuiltin } from 'node:module'
import { VERSION } from '../../src/version.ts'
import { OLDEST_NODE } from './oldest-node.ts'

/** The part of the repository's package.json that is needed here. */
export type Repository = {
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** What npm links as `stui-bridge`. */
export const BIN = 'local-bridge/package/launch.js'

/** @example manifest(['zod', 'node:fs'], repository) */
export function manifest(imported: Iterable<string>, { license, dependencies }: Repository) {
  return {
    name: 'stui-bridge',
    version: VERSION,
    description: 'Connects STUI, the terminal IDE for Smalltalk, with its session service',
    license,
    type: 'module',
    engines: { node: `>=${OLDEST_NODE}` },
    bin: { 'stui-bridge': BIN },
    exports: {
      '.': {
        types: './local-bridge/start-bridge.d.ts',
        default: './local-bridge/start-bridge.js',
      },
      './package.json': './package.json',
    },
    dependencies: pinned(packagesOf(imported), dependencies),
  }
}

/** The packages that the names of imports belong to, each once, in order. */
export function packagesOf(imported: Iterable<string>): string[] {
  const names = [...imported].filter((name) => !name.startsWith('.') && !isBuiltin(name))
  const parts = (name: string) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1)
  return [...new Set(names.map((name) => parts(name).join('/')))].sort()
}

/** The versions that the repository was tested with. */
function pinned(packages: readonly string[], versions: Repository['dependencies']) {
  return Object.fromEntries(
    packages.map((name) => {
      const version = versions[name]
      if (version === undefined) throw new Error(`${name} is no dependency of the repository`)
      return [name, version]
    })
  )
}
