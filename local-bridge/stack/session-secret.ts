// The secret that signs session ids: made on the first start, kept in the data folder, readable by its owner only.

import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Outcome, refuse, succeed } from '../../src/outcome.ts'
import { replacePrivateFile } from './replace-file.ts'

const SECRET_BYTES = 32

/** 32 bytes in base64url, and a line end that an editor may have put there. */
const SECRET = /^([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])\r?\n?$/

const OTHERS = 0o077

/** Gives the secret of a data folder, or one sentence that says why it is not used. */
export function sessionSecret(
  folder: string,
  holdsSessions: () => boolean
): Outcome<string, string> {
  const file = join(folder, 'session-secret')
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat !== undefined) return keptSecret(file, stat.mode)
  if (!holdsSessions()) return succeed(madeSecret(file))
  return refuse(
    `${folder} holds sessions but no session-secret, and a new secret would make them unreachable: put the file back, or choose another folder with --data.`
  )
}

function keptSecret(file: string, mode: number): Outcome<string, string> {
  // Windows has no such bits.
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    return refuse(
      `${file} can be read by others than its owner: make it private with chmod 600 if you trust them, otherwise start with a new data folder.`
    )
  }
  const [, secret] = SECRET.exec(readFileSync(file, 'utf8')) ?? []
  if (secret !== undefined) return succeed(secret)
  return refuse(
    `${file} is damaged, it must hold ${SECRET_BYTES} bytes in base64url: put the right file back, or choose another folder with --data.`
  )
}

function madeSecret(file: string): string {
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  replacePrivateFile(file, `${secret}\n`)
  return secret
}
