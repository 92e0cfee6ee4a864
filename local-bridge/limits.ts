// The figures of the bridge: how long it may take and how much it may hold (specification section 6).

import { MAX_MESSAGE_BYTES } from '../src/protocol/limits.ts'

/** Within this time after its arrival every request is answered: a REQ client gives up at 5 s and is stuck then. */
export const BRIDGE_DEADLINE_MS = 2500

/** Part of the deadline that is kept for writing the answer and for a busy machine. */
const RESERVE_MS = 200

/** Bytes of one ZeroMQ frame beyond which libzmq disconnects the peer; up to here a message gets an answer. */
export const MAX_FRAME_BYTES = 10 * 1024 * 1024

/** Bytes of one reply of the session service that the bridge takes. */
export const MAX_REPLY_BYTES = 8 * 1024 * 1024

/** Bytes of one message that are relayed; more is answered with `payload_too_large`. */
export const MAX_BODY_BYTES = MAX_MESSAGE_BYTES

export type Limits = {
  /** A request without an outcome by then is answered with `timeout` or `upstream_unavailable`. */
  readonly decideAfterMs: number
  /** A request without an outcome by then is answered by the replica, if there is one that can. */
  readonly standInAfterMs: number
  /** A request whose turn comes with less time than this left is not sent: nobody would hear its outcome. */
  readonly worthSendingMs: number
  /** How long one upstream call may run, and how long a repeated request is known as the same one. */
  readonly upstreamMs: number
  /** Waits between attempts to reach the session service: the first, doubled up to the last. */
  readonly firstRetryMs: number
  readonly lastRetryMs: number
  /** Requests, and bytes of their bodies, that are held at once. */
  readonly requests: number
  readonly bytes: number
  /** With more requests than this the bridge reads no further message, but never for longer than `pauseMs`. */
  readonly pauseAbove: number
  readonly pauseMs: number
  /** Requests that are remembered as unanswered, for their delivery ids. */
  readonly remembered: number
  /** What a client is told to wait when the bridge is full. */
  readonly retryAfterMs: number
  /** How long running requests may go on after `stop`. */
  readonly graceMs: number
}

export const LIMITS: Limits = {
  decideAfterMs: BRIDGE_DEADLINE_MS - RESERVE_MS,
  standInAfterMs: 2000,
  worthSendingMs: 100,
  upstreamMs: 30_000,
  firstRetryMs: 50,
  lastRetryMs: 400,
  requests: 1024,
  bytes: 64 * 1024 * 1024,
  pauseAbove: 256,
  pauseMs: 150,
  remembered: 4096,
  retryAfterMs: 250,
  graceMs: 3000,
}
