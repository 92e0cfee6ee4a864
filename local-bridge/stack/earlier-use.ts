// Whether a data folder was used with tokens or without when it was last used: sessions belong to a team, so what was
// stored in one way is out of reach in the other.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replacePrivateFile } from './replace-file.ts'

export const USES = ['without tokens', 'with tokens'] as const
export type Use = (typeof USES)[number]

/** How the folder was last used; undefined if nothing is stored in it. */
export function earlierUse(data: string): Use | undefined {
  const objects = join(data, 'objects')
  if (!existsSync(objects) || readdirSync(objects).length === 0) return undefined
  const file = join(data, 'last-use')
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  // Before there was a choice, there were no tokens.
  return USES.find((use) => use === text) ?? 'without tokens'
}

export function noteUse(data: string, use: Use): void {
  replacePrivateFile(join(data, 'last-use'), `${use}\n`)
}
