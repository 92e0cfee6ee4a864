// How every program here begins and ends: it prints what was asked for, refuses a wrong call in one sentence, or runs.

import type { Reading } from './command-line.ts'

/** The exit code of a program that was called wrongly. */
const WRONG_USAGE = 2

/** The exit code of a program that could not do it, or found something broken. */
const BROKEN = 1

/** Does what the command line says; `run` gets the checked settings. */
export async function begin<Values>(
  reading: Reading<Values>,
  run: (values: Values) => Promise<void>
): Promise<void> {
  switch (reading.kind) {
    case 'print':
      process.stdout.write(reading.text)
      break
    case 'refuse':
      process.stderr.write(`${reading.sentence}\n`)
      process.exitCode = WRONG_USAGE
      break
    case 'run':
      await run(reading.values)
      break
    default:
      reading satisfies never
  }
}

/** Ends with one sentence that says why. */
export function giveUp(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = BROKEN
}
