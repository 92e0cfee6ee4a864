// Remembers, sealed, whom the STUI API vouched for last: a bridge that is started with nobody to ask knows by its token
// whose work it goes on with. What it delivers later is still sent with a token that is good by then.

import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { Clock } from '../../src/clock.ts'
import type { RandomBytes } from '../../src/session/session-id.ts'
import { type Cipher, createCipher } from '../../src/storage/cipher.ts'
import type { Identity } from '../identity.ts'
import { makePrivateFolder } from '../private-file.ts'
import type { Good } from '../standing.ts'
import { KEY_FILE, openKeyFile } from './key-file.ts'
import type { Holder } from './work.ts'

export type HolderDependencies = {
  readonly identity: Pick<Identity, 'vouched' | 'unchecked'>
  readonly folder: string
  readonly clock: Clock
  readonly random: RandomBytes
}

/** A good verdict says for so long whose token it was, and never past the token's end. */
export const REMEMBERED_MS = 30 * 86_400_000

const PLACE = { team: '', client_id: '', name: ['holder'] } as const

const memory = z.object({
  /** SHA-256 of the token. */
  token: z.string(),
  until: z.number(),
  holder: z.object({
    team: z.string(),
    subject: z.string(),
    client_ids: z.array(z.string()),
  }),
})

type Memory = z.output<typeof memory>

/** Says whose work it is; undefined for a token that was refused, has ended, or was never vouched for. */
export function rememberedHolder(dependencies: HolderDependencies): () => Holder | undefined {
  const { identity, folder, clock, random } = dependencies
  const path = join(folder, 'holder')
  let opened: Cipher | undefined
  let known: Memory | undefined
  /** The token of what is on the disk, as far as it was written in this run. */
  let written: string | undefined

  /** A key file that was missing may have been put back. */
  function cipher(): Cipher | undefined {
    opened ??= cipherIn(folder, random)
    return opened
  }

  function remember(found: Good): void {
    const { team, subject, client_ids, expires_at } = found.principal
    const token = digest(found.token)
    if (written === token) return
    const sealer = cipher()
    if (sealer === undefined) return
    const until = Math.min(expires_at ?? Number.POSITIVE_INFINITY, clock.now() + REMEMBERED_MS)
    known = { token, until, holder: { team, subject, client_ids: [...client_ids] } }
    if (write(path, sealer.seal(JSON.stringify(known), PLACE))) written = token
  }

  function recalled(): Memory | undefined {
    const opener = cipher()
    return opener && read(path, opener)
  }

  function recall(token: string): Holder | undefined {
    known ??= recalled()
    const isSame = known?.token === digest(token) && known.until > clock.now()
    return isSame ? known?.holder : undefined
  }

  return () => {
    const found = identity.vouched()
    if (found !== undefined) {
      remember(found)
      return found.principal
    }
    const token = identity.unchecked()
    return token === undefined ? undefined : recall(token)
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function cipherIn(folder: string, random: RandomBytes): Cipher | undefined {
  if (!makePrivateFolder(folder).ok) return undefined
  const keys = openKeyFile(join(folder, KEY_FILE), random)
  return keys.ok ? createCipher({ keys: keys.value, random }) : undefined
}

/** False where it cannot be written now: nothing is remembered, and the bridge says elsewhere if it has no replica. */
function write(path: string, sealed: Uint8Array): boolean {
  try {
    writeFileSync(`${path}.new`, sealed, { mode: 0o600 })
    renameSync(`${path}.new`, path)
    return true
  } catch {
    return false
  }
}

function read(path: string, cipher: Cipher): Memory | undefined {
  try {
    const text = cipher.open(readFileSync(path), PLACE)
    return text === undefined ? undefined : memory.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
