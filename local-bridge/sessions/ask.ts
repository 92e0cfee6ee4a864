// Puts one command to the session service and reads its answer as the declaration says it is. A refusal is a value with the
// sentence that the service gave, made harmless.

import * as z from 'zod'
import type { Clock } from '../../src/clock.ts'
import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import { toWire } from '../../src/protocol/catalogue.ts'
import { parseJson } from '../../src/protocol/json-text.ts'
import type { Upstream, UpstreamFailure } from '../upstream.ts'
import { harmless } from './harmless.ts'

export type Refusal = {
  readonly sentence: string
  /** True if the same question may get an answer later. */
  readonly mayPass: boolean
  /** What the service asks to be waited; 0 if it does not say. */
  readonly retryAfterMs: number
}

/** A result, and the time of the service when it was told. */
export type Answered<Result> = { readonly result: Result; readonly toldAt: number }

export type Ask = <Schema extends z.ZodType>(
  command: string,
  parameters: Readonly<Record<string, unknown>>,
  result: Schema
) => Promise<Outcome<Answered<z.output<Schema>>, Refusal>>

/** Longer than the service takes for anything. */
const PATIENCE_MS = 10_000

/** Characters of a refusal that are shown. */
const SENTENCE = 1000

const told = z.object({
  status: z.literal('success'),
  timestamp: z.iso.datetime(),
  result: z.unknown(),
})

const refused = z.object({
  status: z.literal('error'),
  error: z.string(),
  error_code: z.string(),
  details: z.looseObject({ retry_after_ms: z.number().min(0).optional() }).optional(),
})

/** What another try may change. */
const PASSING: ReadonlySet<string> = new Set([
  'rate_limited',
  'upstream_unavailable',
  'timeout',
  'internal_error',
])

export function createAsk(upstream: Pick<Upstream, 'send'>, clock: Clock): Ask {
  let asked = 0
  return async (command, parameters, result) => {
    asked += 1
    const id = `sessions-${clock.now()}-${asked}`
    const answer = await upstream.send(Buffer.from(JSON.stringify({ id, command, parameters })), {
      requestId: id,
      deliveryId: undefined,
      isOpen: false,
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (!answer.ok) return { ok: false, failure: notAsked(answer.failure) }
    const reply = parseJson(answer.value.bytes.toString())
    const read = told.safeParse(reply)
    const found = read.success ? result.safeParse(read.data.result) : undefined
    if (!read.success || !found?.success) return { ok: false, failure: refusalOf(reply) }
    return succeed({ result: found.data, toldAt: Date.parse(read.data.timestamp) })
  }
}

function refusalOf(reply: unknown): Refusal {
  const read = refused.safeParse(reply)
  if (!read.success) {
    return final(
      'The service gave an answer that this program does not know: install one of its age.'
    )
  }
  const { error, error_code, details } = read.data
  return {
    sentence: harmless(error, SENTENCE),
    mayPass: PASSING.has(error_code),
    retryAfterMs: details?.retry_after_ms ?? 0,
  }
}

function notAsked(failure: UpstreamFailure): Refusal {
  switch (failure.reason) {
    case 'not_admitted':
      return final(toWire(failure.failure).error)
    case 'aborted':
      return passing('The service gives no answer: try again shortly.')
    case 'unreachable':
    case 'unusable':
      return passing(
        `The service cannot be asked: ${failure.detail}; look at --upstream, or try again shortly.`
      )
    default:
      return failure satisfies never
  }
}

function final(sentence: string): Refusal {
  return { sentence: harmless(sentence, SENTENCE), mayPass: false, retryAfterMs: 0 }
}

function passing(sentence: string): Refusal {
  return { ...final(sentence), mayPass: true }
}
