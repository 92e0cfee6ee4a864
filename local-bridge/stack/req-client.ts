// A ZeroMQ REQ client, as the TUI is: one message out, one answer back.

import { Request } from 'zeromq'

export type ReqClient = {
  /** The answer as it came; undefined if none came in time, after which the client is of no use. */
  ask(message: string): Promise<string | undefined>
  close(): void
}

/** What zeromq says when a wait was too long. */
const TOO_LATE = 'EAGAIN'

/** Connects, which always succeeds: whether somebody is there shows with the first answer. */
export function connectReq(endpoint: string, timeoutMs: number): ReqClient {
  const socket = new Request({ linger: 0, receiveTimeout: timeoutMs, sendTimeout: timeoutMs })
  socket.connect(endpoint)
  return {
    ask: async (message) => {
      try {
        await socket.send(message)
        const frames = await socket.receive()
        return Buffer.concat(frames).toString()
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === TOO_LATE) return undefined
        throw error
      }
    },
    close: () => socket.close(),
  }
}
