// Closes a socket of libzmq that somebody watches.

import type { Context, Dealer, Router, XPublisher } from 'zeromq'

/** Contexts of closed sockets that have yet to tell so. */
const kept = new Set<Context>()

/**
 * Closes the socket, and keeps its context until those who watch it have been told. A context that nobody refers to any
 * more is shut down when memory is collected; whoever still watches would wait for ever, and the program would not end.
 */
export function closeWatched(socket: Dealer | Router | XPublisher): void {
  const { context, events } = socket
  kept.add(context)
  events.on('end', () => kept.delete(context))
  socket.close()
}
