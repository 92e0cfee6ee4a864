// Carries envelopes to the session service and answers back. Knows no rules: when to try again is decided in calls.ts.

import { Agent, request } from 'undici'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import type { Acknowledged } from '../src/protocol/call.ts'
import type { Failure } from '../src/protocol/failures.ts'
import type { JsonText } from '../src/protocol/json-text.ts'
import { type NotTaken, repliesIn } from './batch-replies.ts'
import { codeOf, isOfConnection } from './connection-codes.ts'
import type { Identity } from './identity.ts'
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
  /** Nothing was sent: the developer's token is not good. */
  | { readonly reason: 'not_admitted'; readonly failure: Failure }

export type SendOptions = {
  readonly requestId: string
  readonly deliveryId: string | undefined
  /** Present for work that was acknowledged here: what it was done on, and the id that was promised. */
  readonly acknowledged?: Acknowledged
  /** True if it is sent even without a good token. */
  readonly isOpen: boolean
  readonly signal: AbortSignal
}

export type Upstream = {
  send(body: Uint8Array, options: SendOptions): Promise<Outcome<UpstreamReply, UpstreamFailure>>
  /** Sends messages at once; gives the answers to those first ones that were carried out. */
  sendBatch(
    batch: Uint8Array,
    options: Pick<SendOptions, 'requestId' | 'signal'>
  ): Promise<Outcome<readonly JsonText[], UpstreamFailure | NotTaken>>
  /** True if the session service answers on a new connection; what answers in its place does not count. */
  probe(signal: AbortSignal): Promise<boolean>
  /** Puts new connections in place of those that may be dead; what runs on these goes on. */
  renew(): void
  /** Ends what still runs and frees the connections. */
  close(): Promise<void>
}

const CONNECTIONS = 8
const KEEP_ALIVE_MS = 60_000

/** A host that swallows packets counts as unreachable after this time, well within the bridge's deadline. */
const CONNECT_TIMEOUT_MS = 1000

export type UpstreamOptions = {
  readonly url: string
  /** Who asks; without it nobody is named. */
  readonly identity?: Pick<Identity, 'admit' | 'reconsider'>
}

const UNAUTHENTICATED = 401

/** @example createUpstream({ url: 'http://127.0.0.1:8787' }) */
export function createUpstream({ url, identity }: UpstreamOptions): Upstream {
  const base = url.replace(/\/+$/, '')
  let agent = newAgent(CONNECTIONS)
  const retired = new Set<Agent>()

  async function exchange(path: string, body: Uint8Array, options: SendOptions): Promise<Exchange> {
    const admitted = await identity?.admit()
    if (admitted !== undefined && !admitted.ok && !options.isOpen) {
      return { ok: false, failure: { reason: 'not_admitted', failure: admitted.failure } }
    }
    const token = admitted?.ok ? admitted.value : undefined
    const answer = await post(path, body, options, token)
    if (token === undefined || !answer.ok || answer.value.status !== UNAUTHENTICATED) return answer
    // Nothing was executed, so that it may be sent again for a token that came meanwhile.
    const newer = await identity?.reconsider(token)
    return newer === undefined ? answer : post(path, body, options, newer)
  }

  async function post(
    path: string,
    body: Uint8Array,
    options: SendOptions,
    token: string | undefined
  ): Promise<Exchange> {
    try {
      const { statusCode, body: answer } = await request(`${base}${path}`, {
        dispatcher: agent,
        method: 'POST',
        headers: headersOf(options, token),
        body,
        signal: options.signal,
      })
      return succeed({ status: statusCode, bytes: Buffer.from(await answer.arrayBuffer()) })
    } catch (error) {
      return { ok: false, failure: failureOf(error, options.signal) } as const
    }
  }

  async function probe(signal: AbortSignal): Promise<boolean> {
    const fresh = newAgent(1)
    try {
      const { body } = await request(`${base}/healthz`, { dispatcher: fresh, signal })
      return isHealth(await body.text())
    } catch {
      return false
    } finally {
      void fresh.destroy()
    }
  }

  return {
    send: async (body, options) => replyOf(await exchange('/v1/messages', body, options)),
    sendBatch: async (batch, options) => {
      const own = { ...options, deliveryId: undefined, isOpen: false }
      const answer = await exchange('/v1/batches', batch, own)
      return answer.ok ? repliesIn(answer.value.bytes, answer.value.status) : answer
    },
    probe,
    renew: () => {
      const old = agent
      agent = newAgent(CONNECTIONS)
      retired.add(old)
      void old.close().finally(() => retired.delete(old))
    },
    close: async () => {
      await Promise.all([agent, ...retired].map((each) => each.destroy()))
    },
  }
}

function newAgent(connections: number): Agent {
  return new Agent({
    connections,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: MAX_REPLY_BYTES,
    // The signal bounds a call as a whole.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

/** A network's own sign-in page answers everything, but not like this. */
function isHealth(text: string): boolean {
  return /^\s*\{[^{}]*"status"\s*:\s*"ok"/.test(text)
}

function headersOf(
  { requestId, deliveryId, acknowledged }: SendOptions,
  token: string | undefined
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-request-id': requestId,
    ...(deliveryId !== undefined && { 'x-delivery-id': deliveryId }),
    ...(acknowledged !== undefined && { 'x-base-revision': String(acknowledged.base_revision) }),
    ...(acknowledged?.session_id !== undefined && { 'x-session-id': acknowledged.session_id }),
    ...(acknowledged?.target !== undefined && { 'x-target-session': acknowledged.target }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
}

type HttpAnswer = { readonly status: number; readonly bytes: Buffer }

type Exchange = Outcome<HttpAnswer, UpstreamFailure>

function replyOf(answer: Exchange): Outcome<UpstreamReply, UpstreamFailure> {
  return answer.ok ? readReply(answer.value) : answer
}

function readReply({ status, bytes }: HttpAnswer): Outcome<UpstreamReply, UpstreamFailure> {
  const outcome = outcomeOf(bytes)
  if (outcome !== undefined) return succeed({ bytes, outcome })
  return unusable(`its HTTP ${status} answer is not one of the session service`)
}

function failureOf(error: unknown, signal: AbortSignal): UpstreamFailure {
  if (signal.aborted) return { reason: 'aborted' }
  const code = codeOf(error)
  if (isOfConnection(code)) return { reason: 'unreachable', detail: `no connection (${code})` }
  return unusable(`its answer could not be read (${code})`).failure
}

function unusable(detail: string): { ok: false; failure: UpstreamFailure & { detail: string } } {
  return { ok: false, failure: { reason: 'unusable', detail } }
}
