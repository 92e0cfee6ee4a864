// Where the STUI API of a running stack is: told in its data folder, so that `npm run token` needs no address.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replacePrivateFile } from './replace-file.ts'

const fileIn = (data: string) => join(data, 'stui-api', 'address')

/** Tells it; gives what takes it back. */
export function writeApiAddress(data: string, address: string): () => void {
  replacePrivateFile(fileIn(data), `${address}\n`)
  return () => rmSync(fileIn(data), { force: true })
}

/** Undefined where no stack with --auth runs on the folder; after kill -9 it may be one that has ended. */
export function readApiAddress(data: string): string | undefined {
  try {
    return readFileSync(fileIn(data), 'utf8').trim()
  } catch {
    return undefined
  }
}
