// What is kept with a socket, so that it survives the sleep of its object. What cannot be read is no reason to fail: such a
// socket is closed, and whoever holds it connects again.

import type { Watch } from './watch.ts'

/** At most 2,048 bytes, of 16,384 that may be. */
export type Attached = Watch & { readonly after: number }

export function attach(socket: WebSocket, attached: Attached): void {
  socket.serializeAttachment(attached)
}

/** Undefined for what another version of this program, or an opening that failed half-way, left there. */
export function attachedTo(socket: WebSocket): Attached | undefined {
  const kept: unknown = socket.deserializeAttachment()
  return isAttached(kept) ? kept : undefined
}

function isAttached(kept: unknown): kept is Attached {
  if (typeof kept !== 'object' || kept === null) return false
  const { team, subject, covers, until, after } = kept as Partial<Record<keyof Attached, unknown>>
  const areTexts = typeof team === 'string' && typeof subject === 'string'
  return areTexts && typeof covers === 'boolean' && Number.isFinite(until) && Number.isFinite(after)
}
