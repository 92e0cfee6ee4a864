// Sends replies one at a time and drops what cannot be delivered, with a line in the log: a peer that is gone or does
// not read must hold up nobody else.

import type { MessageLike } from 'zeromq'
import type { Log } from './events.ts'

/** One body, as text or bytes, or the frames of one as an image sent them. */
export type Reply = string | Uint8Array | readonly Uint8Array[]

export type ReplyQueue = {
  /** Never throws; the order of calls is the order on the wire. Calls back if the reply is dropped. */
  push(envelope: readonly Buffer[], reply: Reply, onDropped?: () => void): void
  /** Resolves when everything that was pushed has been sent or dropped. */
  drained(): Promise<void>
}

export type ReplyQueueDependencies = {
  readonly send: (frames: MessageLike[]) => Promise<void>
  readonly log: Log
}

/** Replies that may wait for the socket; as it never blocks, they wait no longer than one turn of the event loop. */
const MAX_QUEUED = 4096

type Waiting = {
  readonly envelope: readonly Buffer[]
  readonly reply: Reply
  readonly onDropped: () => void
}
type Dropped = 'peer_gone' | 'peer_stalled' | 'queue_full' | 'not_sent'

export function createReplyQueue({ send, log }: ReplyQueueDependencies): ReplyQueue {
  const queue: Waiting[] = []
  let sending = Promise.resolve()
  let active = false

  function push(envelope: readonly Buffer[], reply: Reply, onDropped = () => {}) {
    const waiting = { envelope, reply, onDropped }
    if (queue.length >= MAX_QUEUED) return drop('queue_full', waiting)
    queue.push(waiting)
    if (active) return
    active = true
    sending = sendAll()
  }

  async function sendAll() {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await sendOne(next)
    active = false
  }

  async function sendOne(waiting: Waiting) {
    try {
      await send([...waiting.envelope, ...framesOf(waiting.reply)])
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
      drop(causeOf(code), waiting, code)
    }
  }

  function drop(cause: Dropped, { reply, onDropped }: Waiting, code?: string) {
    const bytes = bytesOf(reply)
    onDropped()
    log({ event: 'reply_dropped', cause, bytes, ...(code !== undefined && { code }) })
  }

  return { push, drained: () => sending }
}

function framesOf(reply: Reply): readonly (string | Uint8Array)[] {
  return typeof reply === 'string' || reply instanceof Uint8Array ? [reply] : reply
}

export function bytesOf(reply: Reply): number {
  return framesOf(reply).reduce((bytes, frame) => bytes + Buffer.byteLength(frame), 0)
}

function causeOf(code: string): Dropped {
  if (code === 'EHOSTUNREACH') return 'peer_gone'
  return code === 'EAGAIN' ? 'peer_stalled' : 'not_sent'
}
