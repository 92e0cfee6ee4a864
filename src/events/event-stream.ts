// The sockets of those who watch an object. Each hears every event once and in order, beginning behind the sequence
// that it names. A socket that fails is closed: it keeps no other from hearing, and fails no command.

import { createHash } from 'node:crypto'
import { type Clock, isoTime } from '../clock.ts'
import { faultText, log } from '../log.ts'
import { CLOSE, isMissed, type Opened } from '../protocol/event.ts'
import { type Attached, attach, attachedTo } from './attached.ts'
import { notOpened, sourceOf, type Watch } from './watch.ts'

export type EventStream = {
  /** Answers a request for a socket: 101, or why not if this subject has as many as one may have. */
  open(watch: Watch): Response
  /** Tells every socket what it has not heard, if its time is not over. Never throws. */
  push(): void
  /** Closes the sockets whose time is over; gives when the next one's is. Never throws. */
  closeEnded(): number | undefined
  /** Answers a socket that the other side has closed, or it would hang there. */
  closed(socket: WebSocket, code: number): void
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
  /** Undefined for what is not for this watcher, whose sequence has a gap then. */
  told(watch: Watch, row: Row): object | undefined
}

/** Sockets of one subject at one object. */
const SOCKETS_OF_ONE = 8

/** Events that are read at once. */
const PAGE = 100

/** How soon somebody with too many sockets may try again. */
const RETRY_AFTER_MS = 1000

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
    const tag = tagOf(watch)
    if (sockets.getWebSockets(tag).length >= SOCKETS_OF_ONE) {
      return notOpened({ reason: 'rate_limited', retry_after_ms: RETRY_AFTER_MS })
    }
    const kept = watched.maySee(watch) ? watched.range() : NOTHING
    const { newest } = kept
    const after = watch.after ?? newest
    const missed = isMissed(after, kept)
    const from = Math.min(after, newest)
    const { 0: theirs, 1: ours } = new WebSocketPair()
    attach(ours, { ...watch, after: from })
    sockets.acceptWebSocket(ours, [tag])
    ours.send(JSON.stringify(opened(watch, newest, { after: from, missed })))
    withEach([ours], (attached) => tell(ours, attached))
    return new Response(null, { status: 101, webSocket: theirs })
  }

  function tell(socket: WebSocket, attached: Attached): void {
    if (!watched.maySee(attached)) return
    let { after } = attached
    for (;;) {
      const rows = watched.after(after, PAGE)
      for (const row of rows) {
        const event = watched.told(attached, row)
        if (event !== undefined) socket.send(JSON.stringify(event))
      }
      after = rows.at(-1)?.sequence ?? after
      if (rows.length < PAGE) break
    }
    if (after !== attached.after) attach(socket, { ...attached, after })
  }

  /** Does something for each socket; one for which it fails, or of which nothing is known, is closed. */
  function withEach(
    some: readonly WebSocket[],
    work: (attached: Attached, socket: WebSocket) => void
  ) {
    for (const socket of some) {
      try {
        const attached = attachedTo(socket)
        if (attached === undefined) socket.close(CLOSE.renew.code, CLOSE.renew.reason)
        else work(attached, socket)
      } catch (error) {
        log({ event: 'fault', where: 'event_stream', error: faultText(error) })
        abandon(socket)
      }
    }
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
    withEach(alive(), ({ until, untilTokenEnds }, socket) => {
      if (until > clock.now()) next = Math.min(next ?? until, until)
      else {
        const { code, reason } = untilTokenEnds ? CLOSE.tokenEnded : CLOSE.renew
        socket.close(code, reason)
      }
    })
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
      withEach(alive(), (attached, socket) => tell(socket, attached))
    },
    closeEnded,
    closed: (socket, code) => {
      log({ event: 'socket_closed', request_id: attachedTo(socket)?.request_id ?? '', code })
      socket.close()
    },
    watches: () => alive().flatMap((socket) => attachedTo(socket) ?? []),
  }
}

/** Sockets of one subject are found by it; a tag takes few bytes, and a subject may have more. */
function tagOf({ team, subject }: Watch): string {
  return createHash('sha256')
    .update(JSON.stringify([team, subject]))
    .digest('base64url')
}

/** Nothing more can be done for a socket that cannot even be closed. */
function abandon(socket: WebSocket): void {
  try {
    socket.close(CLOSE.renew.code, CLOSE.renew.reason)
  } catch (error) {
    log({ event: 'fault', where: 'event_stream', error: faultText(error) })
  }
}
