// Ports of 127.0.0.1 below those that the system hands out by itself: what is let go for a moment can be had again.

import { createServer } from 'node:net'

const FIRST = 12_000
const COUNT = 18_000

let next = (process.pid * 97) % COUNT

/** A port that nobody uses, and that this process gives once. */
export async function ownPort(): Promise<number> {
  for (;;) {
    next = (next + 1) % COUNT
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
