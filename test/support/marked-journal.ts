// What `stui-bridge journal` shows and saves of the work that waits in a bridge's folder.

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { BARE_ENV } from './stack-process.ts'

export type ShownJournal = {
  /** What the programs say, the list in both its forms. */
  readonly listed: string
  /** The file that it is saved in: the messages themselves, opened. */
  readonly exported: string
}

const MAIN = new URL('../../local-bridge/main.ts', import.meta.url).pathname

/** Asks the programs about the folder; the export goes to `path`. */
export async function shownJournal(folder: string, path: string): Promise<ShownJournal> {
  const run = async (...args: string[]) => {
    const called = [MAIN, 'journal', ...args, '--data', folder]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, called, {
      env: BARE_ENV,
    })
    return stdout + stderr
  }
  const texts = [await run('list'), await run('list', '--json'), await run('export', path)]
  return { listed: texts.join('\n'), exported: readFileSync(path, 'utf8') }
}
