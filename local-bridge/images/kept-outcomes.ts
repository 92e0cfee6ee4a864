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
  /** The same for an answer that was given, and may have been lost on its way; of a large one only that there was one. */
  keepGiven(name: string, settled: Settled): void
  forget(name: string): void
}

export type KeptDependencies = { readonly timer: Timer; readonly limits: ImageLimits }

/** Most answers are small; the others would fill the memory for something that hardly ever happens. */
const GIVEN_BYTES = 16 * 1024

export function createKeptOutcomes({ timer, limits }: KeptDependencies): KeptOutcomes {
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
      else outcomes.set(name, { ...kept, outcome: hasRun(kept.image, UNHEARD) })
    }
  }

  function keep(name: string, settled: Settled): void {
    release(name)
    outcomes.set(name, settled)
    if (settled.outcome.ok) {
      const size = bytesOf(settled.outcome.value)
      answers.set(name, size)
      bytes += size
    }
    makeRoom()
  }

  return {
    get: outcomes.get,
    keep,
    keepGiven: (name, settled) => {
      const isLarge = settled.outcome.ok && bytesOf(settled.outcome.value) > GIVEN_BYTES
      keep(name, isLarge ? { ...settled, outcome: hasRun(settled.image, GIVEN) } : settled)
    },
    forget: (name) => {
      release(name)
      outcomes.delete(name)
    },
  }
}

const UNHEARD = 'its answer came when nobody waited for it, and was too much to be kept'
const GIVEN = 'its answer was given before, and was too much to be kept'

function hasRun(image: string, detail: string): Settled['outcome'] {
  return {
    ok: false,
    failure: { reason: 'image_unreachable', image, detail, may_have_run: true },
  }
}

function bytesOf(frames: Frames): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0)
}
