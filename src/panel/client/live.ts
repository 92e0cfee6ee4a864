// Keeps what is known up to date: loads it, listens to the sockets, and asks for what they name.

import { type Heard, isOfImage, isOfSession } from '../view/heard.ts'
import type { Model } from '../view/model.ts'
import type { Parameters, Refusal } from './ask.ts'
import type { Loader } from './load.ts'
import type { Machine } from './machine.ts'
import { type Scope, sources } from './panel.ts'
import { openStream, type Stream } from './stream.ts'

/** Whether what is shown is what there is. */
export type LiveState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  | { readonly kind: 'away'; readonly since: number }
  | { readonly kind: 'failed'; readonly refusal: Refusal }

export type LiveParts = {
  readonly machine: Machine
  readonly model: Model
  readonly loader: Loader
  readonly scope: Scope
  readonly token: () => string | undefined
  readonly mayTry: () => Promise<boolean>
  readonly onState: (state: LiveState) => void
  /** Everything was loaded, whether anybody can listen or not, but for so many closed sessions. */
  readonly onLoaded: (closedLeft: number) => void
  readonly onChange: () => void
  readonly onStatistics: (statistics: Parameters) => void
  readonly onHeard: (heard: Heard) => void
  /** The bridges of these clients are in another way than before. */
  readonly onBridges: (client_ids: readonly string[]) => void
}

export type Live = { refresh(image_ids: readonly string[]): void; wake(): void; stop(): void }

/** Events of one moment are one question; and questions about images are so far apart at least. */
const MOMENT_MS = 120
const GAP_MS = 1000

/** A client's object may answer with what it knew of images so long ago: asked sooner, it would tell the status before. */
const IMAGES_SETTLE_MS = 2100

/** How long the first question waits for the sockets. */
const WITHOUT_SOCKETS_MS = 500

/** With more images than this to ask for, everything is asked for at once. */
const MANY_IMAGES = 8

/** A link that is away for less is not worth a word. */
const AWAY_AFTER_MS = 1500

export function startLive(parts: LiveParts): Live {
  const { machine, model, loader, scope } = parts
  const named = new Set<string>()
  let stopped = false
  let isAsking = false
  let mustReload = true
  let mustAskBridges = false
  let hasBegun = false
  let wasOpen = false
  let open = 0
  let cancelAway = () => {}
  let cancelAsk: (() => void) | undefined

  const queries = sources(scope)
  const streams: Stream[] = queries.map((its) => {
    // An admin who looks at some clients hears the whole team there, and only the images matter.
    const isForImages = scope.kind === 'clients' && its.scope === 'team'
    let isOpen = false
    return openStream({
      ...parts,
      query: new URLSearchParams(its).toString(),
      onHeard: (heard, isPast) => {
        if (!isForImages || !isOfSession(heard)) hear(heard, isPast)
      },
      onState: (state) => {
        if (isOpen === (state === 'open')) return
        isOpen = state === 'open'
        open += isOpen ? 1 : -1
        link()
      },
    })
  })
  link()
  // Where sockets cannot be opened at all, the page still shows what there is.
  soon(WITHOUT_SOCKETS_MS)

  function link(): void {
    cancelAway()
    if (open === queries.length) {
      // What was loaded before anybody listened may miss what happened in between.
      mustReload ||= hasBegun && !wasOpen
      wasOpen = true
      soon(0)
      return
    }
    const since = machine.now()
    cancelAway = machine.after(AWAY_AFTER_MS, () => parts.onState({ kind: 'away', since }))
  }

  function hear(heard: Heard, isPast: boolean): void {
    if (heard.type === 'stream.opened') {
      mustReload ||= heard.missed
    } else if (isPast) {
      model.recall(heard)
    } else if (heard.type === 'bridge.changed') {
      mustAskBridges = true
      soon(MOMENT_MS)
    } else {
      const changed = model.hear(heard)
      parts.onHeard(heard)
      if (scope.kind === 'clients' && isOfImage(heard)) {
        machine.after(IMAGES_SETTLE_MS, () => ask(changed, 0))
      } else ask(changed, MOMENT_MS)
    }
    parts.onChange()
  }

  function ask(image_ids: readonly string[], milliseconds: number): void {
    for (const image_id of image_ids) named.add(image_id)
    soon(milliseconds)
  }

  /** What is due is not put off: events without a pause between them would do so for ever. */
  function soon(milliseconds: number): void {
    if (isAsking || stopped || (cancelAsk !== undefined && milliseconds > 0)) return
    cancelAsk?.()
    cancelAsk = machine.after(milliseconds, () => void askNow())
  }

  async function askNow(): Promise<void> {
    isAsking = true
    cancelAsk = undefined
    hasBegun = true
    const images = [...named]
    named.clear()
    const isAll = mustReload || images.length > MANY_IMAGES
    if (isAll) await reload()
    else await askFor(images)
    if (stopped) return
    if (isAll || mustAskBridges) await askBridges()
    if (stopped) return
    const statistics = await loader.statistics()
    if (statistics.ok) parts.onStatistics(statistics.value.result)
    isAsking = false
    if (stopped) return
    if (!mustReload && open === queries.length) parts.onState({ kind: 'live' })
    parts.onChange()
    const isOutdated = mustReload && open === queries.length
    if (named.size > 0 || mustAskBridges || isOutdated) soon(GAP_MS)
  }

  /** What nothing was told of is asked for with everything else. */
  async function askFor(images: readonly string[]): Promise<void> {
    const told = await Promise.all(images.map((image_id) => loader.image(image_id)))
    mustReload ||= told.includes(false)
  }

  async function askBridges(): Promise<void> {
    mustAskBridges = false
    const changed = await loader.bridges()
    mustReload ||= changed === undefined
    if (!stopped && changed !== undefined && changed.length > 0) parts.onBridges(changed)
  }

  async function reload(): Promise<void> {
    mustReload = false
    const loaded = await loader.all()
    if (stopped) return
    mustReload ||= !loaded.ok
    if (loaded.ok) parts.onLoaded(loaded.value)
    else parts.onState({ kind: 'failed', refusal: loaded.failure })
  }

  return {
    refresh: (image_ids) => ask(image_ids, 0),
    wake: () => {
      for (const stream of streams) stream.wake()
      if (mustReload) soon(0)
    },
    stop: () => {
      stopped = true
      cancelAway()
      cancelAsk?.()
      for (const stream of streams) stream.stop()
    },
  }
}
