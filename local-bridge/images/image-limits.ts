// The figures of the pass-through to images: how long it may take and how much it may hold (specification section 6).

import { MAX_FRAME_BYTES } from '../limits.ts'

/** Bytes of one answer of an image, over all its frames; an image that sends a larger frame is disconnected by libzmq. */
export const MAX_ANSWER_BYTES = MAX_FRAME_BYTES

export type ImageLimits = {
  /** A request without an answer by then is told so: a REQ client gives up at 5 s and is stuck then. */
  readonly answerMs: number
  /** A request whose turn comes with less time than this left is not sent: nobody would hear its outcome. */
  readonly worthSendingMs: number
  /** How long a request waits for a connection: an image that comes back is connected to within this time. */
  readonly patienceMs: number
  /** Requests, and bytes of them, that wait for one image. */
  readonly requests: number
  readonly bytes: number
  /** How long an outcome that nobody heard is kept for whoever sends the request again, how many, and how many bytes. */
  readonly keptMs: number
  readonly kept: number
  readonly keptBytes: number
  /** Bytes of answers that were given, and may have been lost on their way, which are kept as long; and of the largest one. */
  readonly givenBytes: number
  readonly largestGivenBytes: number
  /** An idle image is pinged after this time. */
  readonly pingMs: number
  /** An image that is connected but gives no answer for this time is logged as silent. */
  readonly silentMs: number
  /** How often the directory is told of each image. */
  readonly reportMs: number
  /** Images at once. */
  readonly images: number
  /** An image that only messages named is let go when nobody has asked it for this time. */
  readonly idleMs: number
  /** Sessions whose image is remembered. */
  readonly sessions: number
  /** What a client is told to wait when too much waits for an image. */
  readonly retryAfterMs: number
}

export const IMAGE_LIMITS: ImageLimits = {
  answerMs: 4500,
  worthSendingMs: 100,
  patienceMs: 500,
  requests: 256,
  bytes: 16 * 1024 * 1024,
  keptMs: 30_000,
  kept: 4096,
  keptBytes: 32 * 1024 * 1024,
  givenBytes: 8 * 1024 * 1024,
  largestGivenBytes: 16 * 1024,
  pingMs: 5000,
  silentMs: 5000,
  reportMs: 5000,
  images: 64,
  idleMs: 600_000,
  sessions: 4096,
  retryAfterMs: 250,
}
