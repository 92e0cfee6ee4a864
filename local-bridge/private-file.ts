// Files that hold secrets: readable by their owner only, refused otherwise, and never written over.

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type Outcome, refuse, succeed } from '../src/outcome.ts'

const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700
const OTHERS = 0o077

/** More than any token or key list has. */
const MAX_BYTES = 1024 * 1024

/** Gives the text, or what is wrong in words that follow the name of the file. Never repeats what it holds. */
export function readPrivateFile(path: string): Outcome<string, string> {
  try {
    const stat = statSync(path)
    // A pipe would keep the bridge waiting, and could be read only once.
    if (!stat.isFile()) return refuse('is no regular file')
    // Windows has no such bits.
    if (process.platform !== 'win32' && (stat.mode & OTHERS) !== 0) {
      return refuse(
        'can be read or changed by others than its owner: make it private with chmod 600'
      )
    }
    return stat.size > MAX_BYTES ? refuse('is too large') : succeed(readFileSync(path, 'utf8'))
  } catch (error) {
    return refuse(`cannot be read (${codeOf(error)})`)
  }
}

/** Makes a folder that only its owner can enter; one that is there stays as it is. */
export function makePrivateFolder(path: string): Outcome<undefined, string> {
  try {
    mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER })
    return succeed(undefined)
  } catch (error) {
    return refuse(`cannot be made (${codeOf(error)})`)
  }
}

/** Writes a new file; one that is there stays as it is. */
export function createPrivateFile(path: string, text: string): Outcome<undefined, string> {
  return write(path, text, 'wx')
}

/** Adds to the end of a file. */
export function appendPrivateFile(path: string, text: string): Outcome<undefined, string> {
  return write(path, text, 'a')
}

function write(path: string, text: string, flag: 'wx' | 'a'): Outcome<undefined, string> {
  try {
    const descriptor = openSync(path, flag, OWNER_ONLY)
    try {
      // All of it: a single write may end early where the disk is nearly full.
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    return succeed(undefined)
  } catch (error) {
    const code = codeOf(error)
    return refuse(code === 'EEXIST' ? 'exists already' : `cannot be written (${code})`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no code'
}
