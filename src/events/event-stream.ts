// The sockets of those who watch an object. Each hears every event once and in order, beginning behind the sequence
// that it names. What a socket has heard is kept with the socket, so it survives the object's sleep.

import { type Clock, isoTime } from '../clock.ts'
import { CLOSE, type Opened } from '../protocol/event.ts'
import { sourceOf, type Watch } from './watch.ts'

export type EventStream = {
  /** Answers a request for a socket: 101, or 429 if this subject has as many as one may have. */
  open(watch: Watch): Response
  /** Tells every socket what it has not heard. */
  push(): void
  /** Closes the sockets whose time is over; gives when the next one's is. */
  closeEnded(): number | undefined
  /** Those who watch now. */
  watches(): readonly Watch[]
}

/** What is watched: rows with a sequence that has no gaps, and what they are to somebody who may see them. */
export type Watched<Row extends { readonly sequence: number }> = {
  /** The oldest and the newest sequence that are kept; 0 and 0 where there is none. */
  range(): { readonly oldest: number; readonly newest: number }
  after(sequence: number, limit: number): readonly Row[]
  /** To anybody else there are no events. */
  maySee(watch: Watch): boolean
  told(watch: Watch, row: Row): object
}

/** Kept with a socket: at most 2,048 bytes. */
type Attached = Watch & { readonly after: number }

/** Sockets of one subject at one object. */
const SOCKETS_OF_ONE = 8

/** Events that are read at once. */
const PAGE = 100

const NOTHING = { oldest: 0, newest: 0 }

/** What the stream needs of a Durable Object. */
type Sockets = Pick<
  DurableObjectState,
  'acceptWebSocket' | 'getWebSockets' | 'setWebSocketAutoResponse'
>

export function createEventStream<Row extends { readonly sequence: number }>(parts: {
  readonly sockets: Sockets
  readonly clock: Clock
  readonly watched: Watched<Row>
}): EventStream {
  const { sockets, clock, watched } = parts
  // Answered without waking the object: this is how a client finds a link that is dead on one side.
  sockets.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))

  function open(watch: Watch): Response {
    const tag = watch.caller.subject.slice(0, 256)
    if (sockets.getWebSockets(tag).length >= SOCKETS_OF_ONE) {
      return new Response(null, { status: 429 })
    }
    const { 0: theirs, 1: ours } = new WebSocketPair()
    sockets.acceptWebSocket(ours, [tag])
    const { oldest, newest } = watched.maySee(watch) ? watched.range() : NOTHING
    const after = watch.after ?? newest
    const missed = after > newest || (newest > 0 && after < oldest - 1)
    const from = Math.min(after, newest)
    ours.serializeAttachment({ ...watch, after: from } satisfies Attached)
    ours.send(JSON.stringify(opened(watch, newest, { after: from, missed })))
    tell(ours)
    return new Response(null, { status: 101, webSocket: theirs })
  }

  function tell(socket: WebSocket): void {
    const attached = socket.deserializeAttachment() as Attached
    if (!watched.maySee(attached)) return
    let { after } = attached
    for (;;) {
      const rows = watched.after(after, PAGE)
      for (const row of rows) socket.send(JSON.stringify(watched.told(attached, row)))
      after = rows.at(-1)?.sequence ?? after
      if (rows.length < PAGE) break
    }
    if (after !== attached.after) socket.serializeAttachment({ ...attached, after })
  }

  function opened(watch: Watch, sequence: number, data: Opened['data']): Opened {
    return {
      specversion: '1.0',
      id: `opened-${sequence}`,
      source: sourceOf(watch),
      type: 'stream.opened',
      time: isoTime(clock.now()),
      sequence,
      data,
    }
  }

  function closeEnded(): number | undefined {
    let next: number | undefined
    for (const socket of alive()) {
      const { until, untilTokenEnds } = socket.deserializeAttachment() as Attached
      if (until > clock.now()) next = Math.min(next ?? until, until)
      else {
        const { code, reason } = untilTokenEnds ? CLOSE.tokenEnded : CLOSE.renew
        socket.close(code, reason)
      }
    }
    return next
  }

  function alive(): WebSocket[] {
    return sockets
      .getWebSockets()
      .filter(({ readyState }) => readyState === WebSocket.READY_STATE_OPEN)
  }

  return {
    open,
    push: () => {
      closeEnded()
      for (const socket of alive()) tell(socket)
    },
    closeEnded,
    watches: () => alive().map((socket) => socket.deserializeAttachment() as Attached),
  }
}
