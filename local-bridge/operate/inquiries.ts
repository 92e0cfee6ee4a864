// Answers what only the bridge knows, in the asker's dialect.

import type * as z from 'zod'
import { type Clock, isoTime } from '../../src/clock.ts'
import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { toJsonText } from '../../src/protocol/json-text.ts'
import { successReply } from '../../src/protocol/reply.ts'
import type { Inquiry } from '../request.ts'
import { BRIDGE_DROP, bridgeDropParameters, type ToDrop } from './bridge-drop.ts'
import { BRIDGE_RETRY, bridgeRetryParameters, type ToRetry } from './bridge-retry.ts'
import { BRIDGE_STATUS, type BridgeStatus } from './bridge-status.ts'

/** Gives the reply to a question about the bridge, or why there is none. */
export type Inquiries = (inquiry: Inquiry, requestId: string) => Promise<Outcome<string, Failure>>

export type InquiriesParts = {
  readonly status: () => Promise<BridgeStatus>
  /** Takes refused changes away and gives how many; undefined if nothing is kept on this machine. */
  readonly drop: (records: readonly ToDrop[]) => number | undefined
  /** Lets refused changes wait again and gives how many; undefined if nothing is kept on this machine. */
  readonly retry: (records: readonly ToRetry[]) => number | undefined
  readonly clock: Clock
}

export function createInquiries({ status, drop, retry, clock }: InquiriesParts): Inquiries {
  return async ({ id, dialect, facts, message }, request_id) => {
    const result = await answer(facts.command, message.parameters)
    if (!result.ok) return result
    return succeed(
      successReply({
        ...{ id, dialect, result: toJsonText(result.value) },
        timestamp: isoTime(clock.now()),
        meta: { request_id },
      })
    )
  }

  async function answer(
    command: Inquiry['facts']['command'],
    parameters: Inquiry['message']['parameters']
  ): Promise<Outcome<object, Failure>> {
    switch (command) {
      case BRIDGE_STATUS:
        return succeed(await status())
      case BRIDGE_DROP: {
        const { data, error } = bridgeDropParameters.safeParse(parameters)
        if (data === undefined) return wrong(error)
        const dropped = drop(data.records)
        return dropped === undefined ? NOTHING_KEPT : succeed({ dropped })
      }
      case BRIDGE_RETRY: {
        const { data, error } = bridgeRetryParameters.safeParse(parameters)
        if (data === undefined) return wrong(error)
        const waiting = retry(data.records)
        return waiting === undefined ? NOTHING_KEPT : succeed({ waiting })
      }
      default:
        return command satisfies never
    }
  }
}

const NOTHING_KEPT = fail({
  reason: 'upstream_unavailable',
  detail: 'no replica is kept on this machine',
})

function wrong({ issues }: z.ZodError) {
  const path = issues[0]?.path.join('.') ?? ''
  return fail({ reason: 'invalid_parameter', path, detail: 'not as the bridge takes it' })
}
