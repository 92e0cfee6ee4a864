// The sockets of those who watch a client. Each hears every event once and in order, beginning behind the sequence
// that it names. What a socket has heard is kept with the socket, so it survives the object's sleep.

import { type Clock, isoTime } from '../clock.ts'
import { CLOSE, type Opened } from '../protocol/event.ts'
import { told } from '../session/events.ts'
import { maySee } from '../session/whose.ts'
import type { Store } from '../storage/store.ts'
import type { Watch } from './watch.ts'

export type EventStream = {
  /** Opens a socket; undefined if this subject has as many as one may have. */
  accept(watch: Watch): WebSocket | undefined
  /** Tells every socket what it has not heard. */
  push(): void
  /** Closes the sockets whose time is over; gives when the next one's is. */
  closeEnded(): number | undefined
}

/** Kept with a socket: at most 2,048 bytes. */
type Attached = Watch & { readonly after: number }

/** Sockets of one subject at one client. */
const SOCKETS_OF_ONE = 8

/** Events that are read at once. */
const PAGE = 100

/** What the stream needs of a Durable Object. */
type Sockets = Pick<
  DurableObjectState,
  'acceptWebSocket' | 'getWebSockets' | 'setWebSocketAutoResponse'
>

export function createEventStream(parts: {
  readonly sockets: Sockets
  readonly store: Store
  readonly clock: Clock
}): EventStream {
  const { sockets, store, clock } = parts
  // Answered without waking the object: this is how a client finds a link that is dead on one side.
  sockets.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))

  function accept(watch: Watch): WebSocket | undefined {
    const tag = watch.caller.subject.slice(0, 256)
    if (sockets.getWebSockets(tag).length >= SOCKETS_OF_ONE) return undefined
    const { 0: theirs, 1: ours } = new WebSocketPair()
    sockets.acceptWebSocket(ours, [tag])
    const { oldest, newest } = visible(watch) ? store.events.range() : { oldest: 0, newest: 0 }
    const after = watch.after ?? newest
    const missed = after > newest || (newest > 0 && after < oldest - 1)
    const from = after > newest ? newest : after
    ours.serializeAttachment({ ...watch, after: from } satisfies Attached)
    ours.send(JSON.stringify(opened(watch.client_id, newest, { after: from, missed })))
    tell(ours)
    return theirs
  }

  /** To anybody but those who may see the client, it has no events. */
  function visible({ caller, client_id }: Watch): boolean {
    const owner = store.clients.find()
    return owner !== undefined && maySee(owner, caller, client_id, { admins: true })
  }

  function tell(socket: WebSocket): void {
    const attached = socket.deserializeAttachment() as Attached
    if (!visible(attached)) return
    let { after } = attached
    for (;;) {
      const rows = store.events.after(after, PAGE)
      for (const row of rows) socket.send(JSON.stringify(told(attached.client_id, row)))
      after = rows.at(-1)?.sequence ?? after
      if (rows.length < PAGE) break
    }
    if (after !== attached.after) socket.serializeAttachment({ ...attached, after })
  }

  function opened(client_id: string, sequence: number, data: Opened['data']): Opened {
    return {
      specversion: '1.0',
      id: `opened-${sequence}`,
      source: `/clients/${client_id}`,
      type: 'stream.opened',
      time: isoTime(clock.now()),
      sequence,
      data,
    }
  }

  return {
    accept,
    push: () => {
      closeEnded()
      for (const socket of open()) tell(socket)
    },
    closeEnded,
  }

  function closeEnded(): number | undefined {
    let next: number | undefined
    for (const socket of open()) {
      const { until, untilTokenEnds } = socket.deserializeAttachment() as Attached
      if (until > clock.now()) next = Math.min(next ?? until, until)
      else {
        const { code, reason } = untilTokenEnds ? CLOSE.tokenEnded : CLOSE.renew
        socket.close(code, reason)
      }
    }
    return next
  }

  function open(): WebSocket[] {
    return sockets
      .getWebSockets()
      .filter(({ readyState }) => readyState === WebSocket.READY_STATE_OPEN)
  }
}
