// A plain REQ client as STUI's Rust client is: it waits for a time, then sends the same bytes from a new socket, three
// times at most. It must never get stuck.

import { type Reply, readReply } from '../support/reply.ts'
import { connectReq } from '../support/req-client.ts'

export type PatientClient = {
  /** Gives the reply and the number of attempts; undefined if it is stuck. */
  ask(message: object): Promise<{ readonly reply: Reply; readonly attempts: number } | undefined>
  close(): void
}

/** In proportion to the limits of the bridge, as five seconds are to those of a desk. */
const TIMEOUT_MS = 1650
const RETRIES = 3

/** While there is no bridge, which may take a busy machine long, nobody can be stuck: such an attempt does not count. */
export function connectPatiently(
  endpoint: string,
  isBridgeThere: () => boolean = () => true
): PatientClient {
  let socket = connectReq(endpoint, { timeoutMs: TIMEOUT_MS })

  return {
    ask: async (message) => {
      const text = JSON.stringify(message)
      let left = RETRIES + 1
      for (let attempts = 1; left > 0; attempts += 1) {
        const wasThere = isBridgeThere()
        const bytes = await socket.send(text).catch(() => undefined)
        if (bytes !== undefined) return { reply: readReply(bytes), attempts }
        if (wasThere && isBridgeThere()) left -= 1
        socket.close()
        socket = connectReq(endpoint, { timeoutMs: TIMEOUT_MS })
      }
      return undefined
    },
    close: () => socket.close(),
  }
}
