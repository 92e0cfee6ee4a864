// The file that the Worker's log goes to: one JSON line an event, with the time; a full file becomes worker.log.1.

import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

export type LogLine = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

export type WorkerLog = { write(line: LogLine): void; close(): void }

/** Beyond this size the file is put aside; the one that was put aside before is lost. */
const FULL_BYTES = 10 * 1024 * 1024

const OWNER_ONLY = 0o600

export type WorkerLogOptions = {
  readonly file: string
  readonly fullBytes?: number
  /** Hears once that lines are lost; serving goes on. */
  readonly onLost: (error: unknown) => void
}

/** Opens the file for appending. */
export function openWorkerLog({
  file,
  fullBytes = FULL_BYTES,
  onLost,
}: WorkerLogOptions): WorkerLog {
  let descriptor = openSync(file, 'a', OWNER_ONLY)
  let bytes = fstatSync(descriptor).size
  let isLosing = false
  let isClosed = false

  function append(line: string) {
    bytes += writeSync(descriptor, line)
    if (bytes < fullBytes) return
    renameSync(file, `${file}.1`)
    // Closed last: the number of a closed file belongs to whatever is opened next.
    const full = descriptor
    descriptor = openSync(file, 'a', OWNER_ONLY)
    closeSync(full)
    bytes = 0
  }

  return {
    write: (line) => {
      // A Worker that ends may have more to say than anybody waits for.
      if (isClosed) return
      try {
        append(`${JSON.stringify(asEvent(line))}\n`)
      } catch (error) {
        if (!isLosing) onLost(error)
        isLosing = true
      }
    },
    close: () => {
      isClosed = true
      closeSync(descriptor)
    },
  }
}

/** What workerd itself says is not JSON and becomes an event too. */
function asEvent({ at, text }: LogLine): object {
  const time = new Date(at).toISOString()
  try {
    const event: unknown = JSON.parse(text)
    if (typeof event === 'object' && event !== null) return { time, ...event }
  } catch {
    // Not JSON.
  }
  return { time, event: 'runtime', text }
}
