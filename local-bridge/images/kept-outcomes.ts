// Outcomes of requests to images that somebody may still ask for by sending the request again. Bounded in number, time and
// bytes: an answer that had to go leaves a note that the request has run, so that it is not executed twice.

import type { Outcome } from '../../src/outcome.ts'
import type { Failure } from '../../src/protocol/failures.ts'
import { createMemory } from '../memory.ts'
import type { Timer } from '../timer.ts'
import type { ImageLimits } from './image-limits.ts'
import type { Frames } from './image-socket.ts'

/** How a request ended, and which one it was. */
export type Settled = {
  readonly requestId: string
  readonly image: string
  readonly outcome: Outcome<Frames, Failure>
}

export type KeptOutcomes = {
  get(name: string): Settled | undefined
  keep(name: string, settled: Settled): void
  forget(name: string): void
}

export type KeptDependencies = {
  readonly timer: Timer
  readonly limits: Pick<ImageLimits, 'kept' | 'keptMs' | 'keptBytes'>
  /** What is told of an answer that was too much to be kept. */
  readonly gone: string
  /** Of an answer with more bytes only that is kept. */
  readonly largest?: number
}

export function createKeptOutcomes({
  timer,
  limits,
  gone,
  largest = Number.POSITIVE_INFINITY,
}: KeptDependencies): KeptOutcomes {
  const outcomes = createMemory<Settled>({ timer, entries: limits.kept, ms: limits.keptMs })
  // Bytes of the answers among them, the oldest first.
  const answers = new Map<string, number>()
  let bytes = 0

  function release(name: string): void {
    bytes -= answers.get(name) ?? 0
    answers.delete(name)
  }

  function makeRoom(): void {
    for (const name of answers.keys()) {
      const kept = outcomes.get(name)
      if (bytes <= limits.keptBytes && kept !== undefined) return
      release(name)
      if (kept === undefined) outcomes.delete(name)
      else outcomes.set(name, { ...kept, outcome: hasRun(kept.image) })
    }
  }

  function hasRun(image: string): Settled['outcome'] {
    return {
      ok: false,
      failure: { reason: 'image_unreachable', image, detail: gone, may_have_run: true },
    }
  }

  return {
    get: outcomes.get,
    keep: (name, settled) => {
      release(name)
      const size = settled.outcome.ok ? bytesOf(settled.outcome.value) : 0
      const isLarge = size > largest
      outcomes.set(name, isLarge ? { ...settled, outcome: hasRun(settled.image) } : settled)
      if (settled.outcome.ok && !isLarge) {
        answers.set(name, size)
        bytes += size
      }
      makeRoom()
    },
    forget: (name) => {
      release(name)
      outcomes.delete(name)
    },
  }
}

function bytesOf(frames: Frames): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0)
}
