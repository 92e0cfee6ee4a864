// Runs stui-bridge as a program of its own and gives what it printed.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const MAIN = join(import.meta.dirname, '../../local-bridge/main.ts')

export type Finished = { readonly code: number | null; readonly out: string; readonly err: string }

export type Program = {
  /** What runs it instead of the sources: a file of JavaScript. */
  readonly file?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** @example await runProgram(['status', '--json']) */
export async function runProgram(
  args: readonly string[],
  { file = MAIN, env = {}, cwd }: Program = {}
): Promise<Finished> {
  const child = spawn(process.execPath, [file, ...args], { env, ...(cwd !== undefined && { cwd }) })
  child.stdin.end()
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, out, err }
}
