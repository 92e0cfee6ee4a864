// Finds ports of 127.0.0.1 that nobody uses at this moment, below those that the system hands out by itself: what is let go
// for a moment, or not yet taken, is still free then.

import { createServer } from 'node:net'

const FIRST = 12_000
const COUNT = 18_000

/** Test files run in processes of their own, each of which begins elsewhere. */
let next = (process.pid * 97) % COUNT

/** A bridge publishes its events at the port behind its own. */
const APART = 3

/** A port that nobody uses, and that this process gives once in a long while. */
export async function freePort(): Promise<number> {
  for (;;) {
    next = (next + APART) % COUNT
    const port = FIRST + next
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}
