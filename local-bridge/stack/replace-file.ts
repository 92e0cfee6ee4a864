// Writes files that only their owner can read: either the whole new text is on the disk under the name, or the old one is.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

const OWNER_ONLY = 0o600

/** Throws the system's error where the file cannot be written. */
export function replacePrivateFile(path: string, text: string): void {
  const draft = `${path}.new`
  // One that a crash left behind may have another mode.
  rmSync(draft, { force: true })
  const descriptor = openSync(draft, 'wx', OWNER_ONLY)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(draft, path)
}
