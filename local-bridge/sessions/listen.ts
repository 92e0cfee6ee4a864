// The streams of events that a scope takes: that of the team, and one for each client. Says when all are open, and when one
// of them has been away for longer than a moment.

import { createUpstreamEvents, type UpstreamDependencies } from '../live/upstream-events.ts'
import { type Scope, type Source, sourcesOf } from './scope.ts'

export type ListenParts = Omit<UpstreamDependencies, 'log'> & {
  readonly scope: Scope
  /** Every stream is open; again whenever one was opened that has missed something. */
  readonly onOpen: () => void
  /** An event, as the service told it. */
  readonly onText: (text: string) => void
  /** Whether something is missing now that comes later. */
  readonly onAway: (isAway: boolean) => void
  /** The service will not tell these events. */
  readonly onSilent: () => void
}

/** A link that is away and back at once is not worth a word. */
const AWAY_AFTER_MS = 1500

const TEAM = 'team'

/** Gives what ends them. */
export function listen(parts: ListenParts): () => void {
  const { scope, timer, onOpen, onText, onAway, onSilent, ...rest } = parts
  const sources = sourcesOf(scope)
  const opened = new Set<number>()
  const lost = new Set<number>()
  let isAway = false
  let cancelAway = () => {}

  function link(): void {
    cancelAway()
    if (lost.size > 0) cancelAway = timer.after(AWAY_AFTER_MS, () => changed(true))
    else changed(false)
  }

  function changed(now: boolean): void {
    if (isAway === now) return
    isAway = now
    onAway(now)
  }

  const streams = sources.map((source, index) =>
    createUpstreamEvents({
      ...{ ...rest, timer },
      ...(source.kind === 'team' ? { client_id: TEAM, scope: TEAM } : source),
      onTold: (type, text) => {
        if (type === 'stream.stopped' && !isForImages(source)) return onSilent()
        // A list without news of its images is still one.
        if (type === 'stream.opened' || type === 'stream.stopped') {
          opened.add(index)
          if (opened.size === sources.length) onOpen()
        } else if (isMeant(source, type)) onText(text)
      },
      log: ({ event }) => {
        if (event === 'stream_lost') lost.add(index)
        if (event === 'stream_resumed') lost.delete(index)
        link()
      },
    })
  )

  return () => {
    cancelAway()
    for (const stream of streams) stream.stop()
  }
}

/** Sessions are told by the streams of their clients, where there are some. */
function isMeant(source: Source, type: string): boolean {
  return !isForImages(source) || type.startsWith('image.') || type === 'bridge.changed'
}

function isForImages(source: Source): boolean {
  return source.kind === 'team' && source.isForImages
}
