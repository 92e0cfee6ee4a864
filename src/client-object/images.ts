// What a client's object knows of its team's images: asked of the directory when an answer needs it, and remembered for
// a moment. A directory that does not answer costs no answer: the status of images is unknown then.

import { boundedMap } from '../access/bounded-map.ts'
import type { Clock } from '../clock.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import { faultText, log } from '../log.ts'
import type { Declaration } from '../protocol/command.ts'
import type { TeamStub } from '../team/stub.ts'

/** How old an answer about the status of images may be. */
const FRESH_MS = 2_000

/** How old an answer may be where only the start of an image counts. */
const USABLE_MS = 60_000

/** How long the directory may take. */
const PATIENCE_MS = 1_000

/** Images that are remembered, and lists of them. */
const REMEMBERED = 32

/** What an answer needs; for all but `start` it is how images are now. */
export type Need = NonNullable<Declaration['images']>

/** What the directory of the team says; undefined if it cannot be asked. */
export type Told = readonly KnownImage[] | undefined

export type Images = {
  /**
   * At once if enough is known. Where the start of an image is enough, the directory is asked behind the answer; for the
   * classes of an image it always is, before.
   */
  of(team: string, wanted: WantedImages, need: Need): Told | Promise<Told>
}

/** A question; they are counted, as two may be asked at the same time. */
type Asked = { readonly askedAt: number; readonly nth: number }

/** The last answer, and when the directory was asked last, whether it answered or not. */
type Memory = Asked & { readonly told: Told; readonly toldAt: number }

export function createImages(parts: {
  readonly clock: Clock
  readonly directoryOf: (team: string) => Pick<TeamStub, 'imagesOf'>
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
  /** Sees to it that work goes on behind an answer. */
  readonly behind: (work: Promise<unknown>) => void
}): Images {
  const { clock, directoryOf, wait, behind } = parts
  const memories = boundedMap<Memory>(REMEMBERED)
  const asking = new Map<string, Promise<Told>>()
  let questions = 0

  async function answerOf(team: string, wanted: WantedImages): Promise<Told> {
    const answered = new AbortController()
    const late = wait(PATIENCE_MS, answered.signal).then(() => {
      throw new Error('the directory took too long')
    })
    try {
      return await Promise.race([directoryOf(team).imagesOf(wanted), late])
    } catch (error) {
      log({ event: 'images_unknown', error: faultText(error) })
      return undefined
    } finally {
      answered.abort()
    }
  }

  /** Asks once for all who want the same at the same time. */
  function ask(team: string, wanted: WantedImages): Promise<Told> {
    const name = JSON.stringify([team, wanted])
    const running = asking.get(name)
    if (running !== undefined) return running
    const question = { askedAt: clock.now(), nth: ++questions }
    const asked = answerOf(team, wanted).then((told) => {
      asking.delete(name)
      for (const [key, ids] of keysOf(team, wanted)) remember(key, question, partOf(told, ids))
      return told
    })
    asking.set(name, asked)
    return asked
  }

  function remember(key: string, asked: Asked, told: Told): void {
    const before = memories.get(key)
    // A late answer must not undo that to a newer question: ids of a new start would count as being of the one before.
    if (before !== undefined && before.nth > asked.nth) return
    const toldAt = told === undefined ? (before?.toldAt ?? Number.NEGATIVE_INFINITY) : asked.askedAt
    memories.set(key, { ...asked, told: told ?? before?.told, toldAt })
  }

  /** What a session needs of another image changes with its every change: that is asked now, or not known. */
  async function askAnew(team: string, wanted: WantedImages, since: number): Promise<Told> {
    return (await ask(team, wanted)) ?? recall(team, wanted, since)
  }

  function recall(team: string, wanted: WantedImages, since: number): Told {
    const known = [...keysOf(team, wanted).keys()].map((key) => memories.get(key))
    return all(known.map((memory) => (isOlder(memory, since) ? undefined : memory?.told)))
  }

  return {
    of: (team, wanted, need) => {
      const since = clock.now() - (need === 'start' ? USABLE_MS : FRESH_MS)
      if (wanted.classes !== undefined) return askAnew(team, wanted, since)
      const known = [...keysOf(team, wanted).keys()].map((key) => memories.get(key))
      const isEnough = known.every((memory) => memory !== undefined && memory.askedAt > since)
      if (!isEnough) return ask(team, wanted)
      const isOld = known.some((memory) => memory && memory.askedAt <= clock.now() - FRESH_MS)
      if (isOld) behind(ask(team, wanted))
      return recall(team, wanted, since)
    },
  }
}

/** Under which names an answer is remembered, and which images belong to each: all of a list, else one by one. */
function keysOf(team: string, wanted: WantedImages): Map<string, readonly string[] | undefined> {
  const { ids, others, subject } = wanted
  if (others > 0) return new Map([[JSON.stringify([team, wanted]), undefined]])
  return new Map(ids.map((id) => [JSON.stringify([team, subject, id]), [id]]))
}

/** What is remembered of an answer: these images, and nothing that was told for one session alone. */
function partOf(told: Told, ids: readonly string[] | undefined): Told {
  const part = ids === undefined ? told : told?.filter(({ image_id }) => ids.includes(image_id))
  return part?.map(({ missing_classes: _, ...image }) => image)
}

function isOlder(memory: Memory | undefined, time: number): boolean {
  return memory === undefined || memory.toldAt <= time
}

/** The answers together; undefined if one of them is missing. */
function all(parts: readonly Told[]): Told {
  return parts.every((told) => told !== undefined) ? parts.flat() : undefined
}
