// Splits a message as a ROUTER receives it into the envelope, which is echoed untouched, and the body frames.

export type Incoming = {
  /** The identity of the connection; libzmq or the client chose it. */
  readonly peer: Buffer
  /** Everything that goes back in front of the reply. */
  readonly envelope: readonly Buffer[]
  readonly bodies: readonly Buffer[]
}

/**
 * The envelope reaches to the first empty frame behind the identity: a REQ puts that frame alone, one with
 * ZMQ_REQ_CORRELATE puts four bytes before it, a proxy puts further identities. A DEALER may send none at all.
 */
export function splitFrames(frames: readonly Buffer[]): Incoming {
  const [peer = Buffer.alloc(0), ...rest] = frames
  const empty = rest.findIndex((frame) => frame.length === 0)
  if (empty === -1) return { peer, envelope: [peer], bodies: rest }
  return { peer, envelope: [peer, ...rest.slice(0, empty + 1)], bodies: rest.slice(empty + 1) }
}
