// Sends replies one at a time and drops what cannot be delivered, with a line in the log: a peer that is gone or does
// not read must hold up nobody else.

import type { MessageLike } from 'zeromq'
import type { Log } from './events.ts'

export type ReplyQueue = {
  /** Never throws; the order of calls is the order on the wire. */
  push(envelope: readonly Buffer[], reply: string | Uint8Array): void
  /** Resolves when everything that was pushed has been sent or dropped. */
  drained(): Promise<void>
}

export type ReplyQueueDependencies = {
  readonly send: (frames: MessageLike[]) => Promise<void>
  readonly log: Log
}

/** Replies that may wait for the socket; as it never blocks, they wait no longer than one turn of the event loop. */
const MAX_QUEUED = 4096

type Waiting = { readonly envelope: readonly Buffer[]; readonly reply: string | Uint8Array }
type Dropped = 'peer_gone' | 'peer_stalled' | 'queue_full' | 'not_sent'

export function createReplyQueue({ send, log }: ReplyQueueDependencies): ReplyQueue {
  const queue: Waiting[] = []
  let sending = Promise.resolve()
  let active = false

  function push(envelope: readonly Buffer[], reply: string | Uint8Array) {
    if (queue.length >= MAX_QUEUED) return drop('queue_full', reply)
    queue.push({ envelope, reply })
    if (active) return
    active = true
    sending = sendAll()
  }

  async function sendAll() {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await sendOne(next)
    active = false
  }

  async function sendOne({ envelope, reply }: Waiting) {
    try {
      await send([...envelope, reply])
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
      drop(causeOf(code), reply, code)
    }
  }

  function drop(cause: Dropped, reply: string | Uint8Array, code?: string) {
    const bytes = Buffer.byteLength(reply)
    log({ event: 'reply_dropped', cause, bytes, ...(code !== undefined && { code }) })
  }

  return { push, drained: () => sending }
}

function causeOf(code: string): Dropped {
  if (code === 'EHOSTUNREACH') return 'peer_gone'
  return code === 'EAGAIN' ? 'peer_stalled' : 'not_sent'
}
