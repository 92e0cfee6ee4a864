// A plain ZeroMQ REQ client, as the TUI is: one message out, one reply back.

import { Request } from 'zeromq'
import { FOREVER_MS } from './patience.ts'
import { type Reply, readReply } from './reply.ts'

export type ReqClient = {
  /** Sends one message and gives the reply as it came. */
  send(message: string | Uint8Array): Promise<Buffer>
  /** Sends one message as JSON and reads the reply. */
  ask(message: unknown): Promise<Reply>
  close(): void
}

export type ReqOptions = {
  /** A TUI gives up after 5 s; in tests time ends nothing that is not said to end. */
  readonly timeoutMs?: number
  readonly correlate?: boolean
}

/** @example const { result } = await connectReq(bridge.endpoint).ask({ id: '1', command: 'ping' }) */
export function connectReq(endpoint: string, options: ReqOptions = {}): ReqClient {
  const { timeoutMs = FOREVER_MS, correlate = false } = options
  const socket = new Request({ linger: 0, receiveTimeout: timeoutMs, correlate })
  socket.connect(endpoint)

  async function send(message: string | Uint8Array) {
    await socket.send(message)
    const [reply] = await socket.receive()
    if (reply === undefined) throw new Error('the reply has no frame')
    return reply
  }

  return {
    send,
    ask: async (message) => readReply(await send(JSON.stringify(message))),
    close: () => socket.close(),
  }
}
