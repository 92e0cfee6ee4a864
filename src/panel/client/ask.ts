// Sends commands to /v1/messages. A refusal is a value, with the sentence and the recovery that the service gave; so is a
// network that is away. The token is in memory and nowhere else.

import type { Outcome } from '../../outcome.ts'
import { readExact } from '../view/exact-json.ts'

export type Parameters = Readonly<Record<string, unknown>>

export type Recovery = {
  readonly label: string
  readonly command: string
  readonly parameters: Parameters
}

export type Refusal = {
  /** The service's error_code, or `offline`. */
  readonly code: string
  readonly sentence: string
  readonly recovery: readonly Recovery[]
  readonly retryAfterMs: number
}

/** A result, and when it was told by the service's clock. */
export type Answered = { readonly result: Parameters; readonly toldAt: number }

/** `exact` keeps the spelling of numbers, which takes longer: for what shows states. */
export type Ask = (
  command: string,
  parameters?: Parameters,
  reading?: { readonly exact: boolean }
) => Promise<Outcome<Answered, Refusal>>

export type AskParts = {
  readonly token: () => string | undefined
  readonly newId: () => string
  /** The token is not good, or not any more. */
  readonly onSignedOut: (sentence: string) => void
}

export const OFFLINE: Refusal = {
  code: 'offline',
  sentence: 'The service cannot be reached. Nothing was lost: try again when the network is back.',
  recovery: [],
  retryAfterMs: 0,
}

export function createAsk({ token, newId, onSignedOut }: AskParts): Ask {
  return async (command, parameters = {}, { exact } = { exact: false }) => {
    // A UUID as the message's id makes a repetition one with the first.
    const body = JSON.stringify({ id: newId(), command, parameters })
    const reply = await fetched('/v1/messages', token(), {
      body,
      read: exact ? readExact : JSON.parse,
    })
    if (reply === undefined) return { ok: false, failure: OFFLINE }
    if (reply.status === 'success') {
      const result = (reply.result ?? {}) as Parameters
      return { ok: true, value: { result, toldAt: Date.parse(String(reply.timestamp)) } }
    }
    const failure = refusalOf(reply)
    if (isAboutToken(failure)) onSignedOut(failure.sentence)
    return { ok: false, failure }
  }
}

/** True if a new token is what helps. */
export function isAboutToken({ code }: Refusal): boolean {
  return code === 'unauthenticated' || code === 'token_expired'
}

/** Refusals of the moment. */
const PASSING = ['offline', 'rate_limited', 'timeout', 'upstream_unavailable']

/** True if the same question may get an answer later. */
export function mayPass({ code }: Refusal): boolean {
  return PASSING.includes(code)
}

type Read = (text: string) => unknown

/** Asks one of the panel's own paths; undefined if nobody answered. */
export async function fetched(
  path: string,
  token?: string,
  { body, read = JSON.parse }: { readonly body?: string; readonly read?: Read } = {}
): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body }),
      cache: 'no-store',
      credentials: 'omit',
    })
    return read(await response.text()) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** The refusal that an envelope tells. */
export function refusalOf(reply: Readonly<Record<string, unknown>>): Refusal {
  const details = (reply.details ?? {}) as Readonly<Record<string, unknown>>
  return {
    code: String(reply.error_code ?? 'internal_error'),
    sentence: String(reply.error ?? 'The service gave no answer that makes sense.'),
    recovery: (reply.recovery ?? []) as readonly Recovery[],
    retryAfterMs: Number(details.retry_after_ms ?? 0),
  }
}
