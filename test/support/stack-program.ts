// Runs one of the stack's programs to its end.

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { BARE_ENV } from './stack-process.ts'

export type ProgramEnd = {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  /** Also the id of its process group. */
  readonly pid: number
}

const REPOSITORY = new URL('../../', import.meta.url).pathname

/** Runs a shell line in the repository's folder, in a process group of its own. */
export async function runLine(
  line: string,
  env: Readonly<Record<string, string>> = {}
): Promise<ProgramEnd> {
  const child = spawn('/bin/sh', ['-c', line], {
    cwd: REPOSITORY,
    detached: true,
    env: { ...BARE_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<Pick<ProgramEnd, 'code' | 'signal'>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const [end, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { ...end, stdout, stderr, pid: child.pid ?? 0 }
}

/** @example await runProgram('start.ts', ['--help']) */
export function runProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {}
): Promise<ProgramEnd> {
  const words = [process.execPath, `local-bridge/stack/${file}`, ...args]
  return runLine(`exec ${words.map(quoted).join(' ')}`, env)
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
