// One program for each data folder. The lock is one that the system gives back when its holder ends, however it ends.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'

export type InstanceLock = { release(): void }

/** SQLite's code for "somebody else holds the lock". */
const SQLITE_BUSY = 5

/**
 * Takes the lock of a folder; the failure is the process id of the holder, or undefined where it is not known.
 * An open SQLite transaction holds it: a file lock, which kill -9 frees and which no process id that was given out
 * again can fake. The process id stands beside it for people only.
 */
export function takeLock(folder: string): Outcome<InstanceLock, string | undefined> {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  const holder = join(folder, 'pid')
  try {
    database.exec('BEGIN IMMEDIATE')
  } catch (error) {
    database.close()
    if (!isBusy(error)) throw error
    return { ok: false, failure: readHolder(holder) }
  }
  try {
    writeFileSync(holder, `${process.pid}\n`)
  } catch (error) {
    // Whoever gets no lock cannot release it, and may want it again.
    database.close()
    throw error
  }
  return succeed({ release: () => database.close() })
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function readHolder(file: string): string | undefined {
  try {
    return /^\d+$/m.exec(readFileSync(file, 'utf8'))?.[0]
  } catch {
    return undefined
  }
}
