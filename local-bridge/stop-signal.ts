// Ctrl-C and its relatives: the first signal asks for an orderly end, a second one ends the process at once.

import { constants } from 'node:os'
import type { Timer } from './timer.ts'

/** A process that a signal ended tells so by this number plus the signal's. */
const ENDED_BY_SIGNAL = 128

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. Nobody means the same again so soon. */
const SAME_MS = 500

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The part of `process` that is needed here. */
export type Signalled = {
  on(signal: (typeof SIGNALS)[number], hear: () => void): unknown
  exit(code: number): void
}

/** Resolves with the first signal. */
export function stopSignal(
  { ticks }: Pick<Timer, 'ticks'>,
  program: Signalled = process
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let first: { readonly signal: string; readonly at: number } | undefined
  for (const signal of SIGNALS) {
    program.on(signal, () => {
      first ??= { signal, at: ticks() }
      resolve()
      if (signal === first.signal && ticks() - first.at <= SAME_MS) return
      program.exit(ENDED_BY_SIGNAL + constants.signals[signal])
    })
  }
  return promise
}
