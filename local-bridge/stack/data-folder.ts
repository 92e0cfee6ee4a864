// The data folder: made private, taken for this process alone, and its parts by name.

import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Outcome, refuse, succeed } from '../../src/outcome.ts'
import { takeLock } from '../instance-lock.ts'
import { sessionSecret } from './session-secret.ts'

export type DataFolder = {
  readonly secret: string
  /** The databases of the Worker's objects. */
  readonly objects: string
  /** What the bridge keeps for the time when the Worker is away. */
  readonly replica: string
  /** What the Worker logs. */
  readonly log: string
  /** For what nobody needs after the end; emptied at each start, because kill -9 leaves it full. */
  readonly temporary: string
  release(): void
}

const PRIVATE = 0o700

/** Opens the folder, which is made if it does not exist; the failure is one sentence. */
export function openDataFolder(folder: string): Outcome<DataFolder, string> {
  try {
    return openUsable(folder)
  } catch (error) {
    return refuse(
      `Cannot keep data in ${folder}: ${inWords(error)}; choose another folder with --data.`
    )
  }
}

function openUsable(folder: string): Outcome<DataFolder, string> {
  makeFolder(folder)
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  const lock = takeLock(folder)
  if (!lock.ok) {
    const holder = lock.failure === undefined ? '' : ` (process ${lock.failure})`
    return refuse(
      `Another stack${holder} runs on ${folder}: stop it, or choose another folder with --data.`
    )
  }
  const { release } = lock.value
  const objects = join(folder, 'objects')
  const secret = sessionSecret(folder, () => holdsFiles(objects))
  if (!secret.ok) {
    release()
    return secret
  }
  const temporary = join(folder, 'temporary')
  rmSync(temporary, { recursive: true, force: true })
  const replica = join(folder, 'replica')
  for (const part of [objects, replica, temporary])
    mkdirSync(part, { recursive: true, mode: PRIVATE })
  return succeed({
    secret: secret.value,
    objects,
    replica,
    log: join(folder, 'worker.log'),
    temporary,
    release,
  })
}

/** One level after the other: Node's own recursive mkdir never returns from some paths below /proc. */
function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  const parent = dirname(folder)
  if (found === undefined && parent !== folder) makeFolder(parent)
  mkdirSync(folder, { mode: PRIVATE })
}

function holdsFiles(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false }) !== undefined && readdirSync(folder).length > 0
}

function inWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there'
    case 'EROFS':
      return 'that disk is read-only'
    case 'ENOSPC':
      return 'that disk is full'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a part of that path is a file'
    case undefined:
      throw error
    default:
      return `the system refuses it (${code})`
  }
}
