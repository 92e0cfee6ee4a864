// Counts the connections that stand at a socket that was bound.

import type { Router } from 'zeromq'

/** libzmq tells of each connection when it begins and when it ends, whether its handshake succeeds or not. */
export function countConnections(events: Router['events']): () => number {
  let count = 0
  events.on('accept', () => {
    count += 1
  })
  events.on('disconnect', () => {
    count = Math.max(0, count - 1)
  })
  return () => count
}
