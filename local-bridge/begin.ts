// How every program here begins: it prints what was asked for, refuses a wrong call in one sentence, or runs.

import type { Reading } from './command-line.ts'

/** The exit code of a program that was called wrongly. */
const WRONG_USAGE = 2

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
