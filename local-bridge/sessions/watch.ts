// Keeps what is known up to date: loads it, hears the events of the service, and asks for what they name. Prints nothing.

import type { Outcome } from '../../src/outcome.ts'
import {
  isOfSession,
  type RestartHeard,
  readHeard,
  type SessionHeard,
} from '../../src/panel/view/heard.ts'
import type { Image } from '../../src/panel/view/listed.ts'
import type { Model, Told } from '../../src/panel/view/model.ts'
import type { Refusal } from './ask.ts'
import { type ListenParts, listen } from './listen.ts'
import type { Loader } from './load.ts'
import { takeTold } from './take.ts'

export type WatchParts = Omit<ListenParts, 'onOpen' | 'onAway' | 'onSilent'> & {
  readonly loader: Loader
  readonly model: Model
  /** Everything was loaded: at first, and after something was missed. */
  readonly onList: () => void
  /** Changes of sessions, once what they name is known. */
  readonly onSessions: (heard: readonly SessionHeard[]) => void
  /** An image is in another state than before. */
  readonly onImage: (image: Image) => void
  /** An image was started anew. */
  readonly onRestart: (heard: RestartHeard) => void
  /** What bridges hold is another than before. */
  readonly onBridges: () => void
  /** Why what is shown may be old; undefined once it is not any more. */
  readonly onAway: (sentence: string | undefined) => void
  /** It will not go on. */
  readonly onEnd: (sentence: string) => void
}

export type Watch = { stop(): void }

/** How long the first question waits for the streams, so that nothing happens between both. */
const WITHOUT_STREAMS_MS = 500

/** Events of one moment are one question. */
const MOMENT_MS = 100

/** A question that got no answer is put again after this time. */
const AGAIN_MS = 2000

/** With more images than this to ask for, everything is asked for at once. */
const MANY_IMAGES = 8

const NO_CHANGES = 'The service cannot be heard: what is shown may be old.'
const SILENT = 'The service does not tell of changes here: leave --watch out.'

export function startWatch(parts: WatchParts): Watch {
  const { loader, model, timer } = parts
  const named = new Set<string>()
  const heard: SessionHeard[] = []
  let mustLoad = true
  let mustAskBridges = false
  let hasList = false
  let isAsking = false
  let isSilent = false
  let isDeaf = false
  let isRefused = false
  let stopped = false
  let cancelAsk: (() => void) | undefined

  const stopListening = listen({
    ...parts,
    onOpen: () => {
      mustLoad = true
      soon(0)
    },
    onText: hear,
    onAway: (isAway) => {
      isDeaf = isAway
      if (!isRefused) parts.onAway(isAway ? NO_CHANGES : undefined)
    },
    onSilent: () => {
      // What the list is refused with says more.
      isSilent = true
      mustLoad = true
      soon(0)
    },
  })
  // Where no stream opens, there is still a list.
  soon(WITHOUT_STREAMS_MS)

  function hear(text: string): void {
    const event = readHeard(text)
    if (event === undefined || event.type === 'stream.opened') return
    parts.onText(text)
    if (event.type === 'bridge.changed') mustAskBridges = true
    for (const image_id of model.hear(event)) named.add(image_id)
    if (isOfSession(event)) heard.push(event)
    // Told once, although each bridge that sees the image tells of it.
    if (event.type === 'image.restarted' && isNoted(event)) parts.onRestart(event)
    soon(MOMENT_MS)
  }

  function isNoted({ image_id, at }: RestartHeard): boolean {
    return model.moments.get(image_id)?.at(-1)?.at === at
  }

  /** What is due is not put off: events without a pause between them would do so for ever. */
  function soon(milliseconds: number): void {
    if (isAsking || stopped || (cancelAsk !== undefined && milliseconds > 0)) return
    cancelAsk?.()
    cancelAsk = timer.after(milliseconds, () => void askNow())
  }

  async function askNow(): Promise<void> {
    isAsking = true
    cancelAsk = undefined
    const images = [...named]
    const mark = model.mark()
    const changes = heard.splice(0)
    const isAll = mustLoad || images.length > MANY_IMAGES
    named.clear()
    mustLoad = false
    const answers = isAll
      ? [await loader.all()]
      : await Promise.all(images.map((image_id) => loader.image(image_id)))
    const bridges = isAll || mustAskBridges ? await askBridges() : undefined
    isAsking = false
    if (stopped) return
    const refusal = take(answers, mark)
    if (refusal !== undefined) {
      heard.unshift(...changes)
      refused(refusal)
      return
    }
    if (bridges?.ok) model.takeBridges(bridges.value, loader.now())
    if (isAll) {
      hasList = true
      parts.onList()
    } else if (bridges?.ok) parts.onBridges()
    if (isSilent) return end(SILENT)
    if (changes.length > 0) parts.onSessions(changes)
    if (bridges?.ok === false && bridges.failure.mayPass) {
      mustAskBridges = true
      later(bridges.failure)
    } else if (mustLoad || mustAskBridges || named.size > 0) soon(MOMENT_MS)
  }

  function askBridges() {
    mustAskBridges = false
    return loader.bridges()
  }

  /** Takes what was answered, and tells of images that are not as they were. */
  function take(answers: readonly Outcome<Told, Refusal>[], mark: number): Refusal | undefined {
    for (const answer of answers) {
      if (!answer.ok) return answer.failure
      for (const image of takeTold(model, answer.value, mark)) parts.onImage(image)
    }
    if (isRefused && !isDeaf) parts.onAway(undefined)
    isRefused = false
    return undefined
  }

  function refused(refusal: Refusal): void {
    const { sentence, mayPass } = refusal
    if (!mayPass && !hasList) {
      end(sentence)
      return
    }
    if (!isRefused) parts.onAway(sentence)
    isRefused = true
    mustLoad = true
    later(refusal)
  }

  function later({ retryAfterMs }: Refusal): void {
    soon(Math.max(AGAIN_MS, retryAfterMs))
  }

  function end(sentence: string): void {
    stop()
    parts.onEnd(sentence)
  }

  function stop(): void {
    stopped = true
    cancelAsk?.()
    stopListening()
  }

  return { stop }
}
