// The log in files: numbered, private to their owner, followed by the next one when they are large, the oldest removed.

/// <reference path="./pino-roll.d.ts" />

import type { DestinationStream } from 'pino'
import roll from 'pino-roll'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import type { LogFile } from './log-settings.ts'

const OWNER_ONLY = 0o600

/** Lines that cannot be written wait up to so many bytes; further ones are lost. */
const MOST_WAITING_BYTES = 1024 * 1024

/**
 * Opens the last file, or a first one; the failure is one sentence. `onLost` hears once that nothing can be written.
 * A file is written synchronously, and is followed by the next one between two turns of the program.
 */
export async function openLogFile(
  { path, maxBytes, files }: LogFile,
  onLost: (sentence: string) => void
): Promise<Outcome<DestinationStream, string>> {
  let isTold = false
  try {
    const stream = await roll({
      file: path,
      size: `${maxBytes}b`,
      limit: { count: files, removeOtherLogFiles: true },
      mkdir: true,
      mode: OWNER_ONLY,
      sync: true,
      maxLength: MOST_WAITING_BYTES,
    })
    stream.on('error', (error) => {
      if (!isTold) onLost(`The log file cannot be written (${codeOf(error)}): its lines are lost.`)
      isTold = true
    })
    return succeed(stream)
  } catch (error) {
    return { ok: false, failure: `The log file cannot be opened (${codeOf(error)}).` }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no code'
}
