// Carries envelopes to the session service and answers back. Knows no rules: when to try again is decided in calls.ts.

import { Agent, request } from 'undici'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import { MAX_REPLY_BYTES } from './limits.ts'
import { outcomeOf } from './reply-check.ts'

export type UpstreamReply = {
  /** The answer, untouched. */
  readonly bytes: Buffer
  /** "success" or the error code, for the log. */
  readonly outcome: string
}

export type UpstreamFailure =
  /** No connection, or it broke before the answer was complete: the same request may be sent again. */
  | { readonly reason: 'unreachable'; readonly detail: string }
  /** There was an answer, but not of the session service. */
  | { readonly reason: 'unusable'; readonly detail: string }
  | { readonly reason: 'aborted' }

export type SendOptions = {
  readonly requestId: string
  readonly deliveryId: string | undefined
  readonly signal: AbortSignal
}

export type Upstream = {
  send(body: Uint8Array, options: SendOptions): Promise<Outcome<UpstreamReply, UpstreamFailure>>
  /** Ends what still runs and frees the connections. */
  close(): Promise<void>
}

const CONNECTIONS = 8
const KEEP_ALIVE_MS = 60_000

/** A host that swallows packets counts as unreachable after this time, well within the bridge's deadline. */
const CONNECT_TIMEOUT_MS = 1000

/** Codes of the system and of undici that mean: no connection, or it broke. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
])

/** @example createUpstream({ url: 'http://127.0.0.1:8787' }) */
export function createUpstream({ url }: { readonly url: string }): Upstream {
  const messages = `${url.replace(/\/+$/, '')}/v1/messages`
  const agent = new Agent({
    connections: CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: MAX_REPLY_BYTES,
    // The signal bounds a call as a whole.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    async send(body, options) {
      try {
        const { statusCode, body: answer } = await request(messages, {
          dispatcher: agent,
          method: 'POST',
          headers: headersOf(options),
          body,
          signal: options.signal,
        })
        return readReply(statusCode, Buffer.from(await answer.arrayBuffer()))
      } catch (error) {
        return { ok: false, failure: failureOf(error, options.signal) }
      }
    },
    close: () => agent.destroy(),
  }
}

function headersOf({ requestId, deliveryId }: SendOptions): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-request-id': requestId,
    ...(deliveryId !== undefined && { 'x-delivery-id': deliveryId }),
  }
}

function readReply(status: number, bytes: Buffer): Outcome<UpstreamReply, UpstreamFailure> {
  const outcome = outcomeOf(bytes)
  if (outcome !== undefined) return succeed({ bytes, outcome })
  return unusable(`its HTTP ${status} answer is not one of the session service`)
}

function failureOf(error: unknown, signal: AbortSignal): UpstreamFailure {
  if (signal.aborted) return { reason: 'aborted' }
  const code = codeOf(error)
  if (CONNECTION_CODES.has(code))
    return { reason: 'unreachable', detail: `no connection (${code})` }
  return unusable(`its answer could not be read (${code})`).failure
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no code'
}

function unusable(detail: string): { ok: false; failure: UpstreamFailure & { detail: string } } {
  return { ok: false, failure: { reason: 'unusable', detail } }
}
