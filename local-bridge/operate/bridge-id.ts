// What tells the bridges of one developer apart where others see them: made by chance once and kept in the data folder, so
// that it says nothing of the machine.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateFile, readPrivateFile } from '../private-file.ts'

const ID = /^[0-9a-f]{16}$/
const ID_BYTES = 8

/** Without a folder that can be used it is another one at each start. */
export function bridgeIdIn(folder: string, random: (count: number) => Uint8Array): string {
  const path = join(folder, 'bridge-id')
  const fresh = Buffer.from(random(ID_BYTES)).toString('hex')
  if (!existsSync(path)) createPrivateFile(path, `${fresh}\n`)
  const kept = readPrivateFile(path)
  return kept.ok && ID.test(kept.value.trim()) ? kept.value.trim() : fresh
}
