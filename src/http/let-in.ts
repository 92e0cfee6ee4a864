// Who is let in: authenticates before anything is carried out, and counts those who are not let in.

import { type Env, readSettings } from '../env.ts'
import { faultText, log } from '../log.ts'
import type { Outcome } from '../outcome.ts'
import type { Reply } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { authenticate, verifyFor } from './authenticate.ts'
import { type Delivered, dispatch } from './dispatch.ts'
import { addressOf, type FailureLimits } from './failure-limits.ts'
import type { Running } from './running.ts'
import type { Verifiers } from './verifiers.ts'

/** What all requests of an isolate share. */
export type Shared = { readonly verifiers: Verifiers; readonly failures: FailureLimits }

/** A request on its way to an answer. */
export type Asked = {
  readonly request: Request
  readonly env: Env
  readonly running: Running
  readonly shared: Shared
}

/** What was read: a message, or why it is none. */
type Read = Outcome<Delivered, Failure>

/** The one catch of the door: a fault is told as ours, with nothing of what it said. */
export async function letIn(asked: Asked, read: Read): Promise<Reply> {
  try {
    return await counted(asked, await authenticated(asked, read))
  } catch (error) {
    const { request_id } = asked.running
    const command = read.ok ? read.value.message.command : ''
    log({ event: 'fault', where: 'http', request_id, command, error: faultText(error) })
    return refusal(fail({ reason: 'internal_error' }))
  }
}

/** Who is asking comes first: a stranger is not even told what is wrong with the message. */
async function authenticated(asked: Asked, read: Read): Promise<Reply> {
  const { request, env, running, shared } = asked
  const settings = readSettings(env)
  const waitMs = shared.failures.waitMs(addressOf(request.headers))
  const verify = verifyFor(shared.verifiers(settings.auth), waitMs)
  const principal = await authenticate(settings.auth, request.headers.get('authorization'), verify)
  if (!principal.ok) return refusal(principal)
  if (!read.ok) return refusal(read)
  return dispatch({ ...running, env, settings, verify, principal: principal.value }, read.value)
}

/** Counts a call without a good token against its address; one too many is told to wait instead. */
async function counted({ request, env, shared }: Asked, reply: Reply): Promise<Reply> {
  if (reply.outcome.ok || !isAboutToken(reply.outcome.failure)) return reply
  const address = addressOf(request.headers)
  const waitMs = await shared.failures.count(address, env.STUI_RATE_LIMITER)
  return waitMs === 0 ? reply : refusal(fail({ reason: 'rate_limited', retry_after_ms: waitMs }))
}

function isAboutToken({ reason }: Failure): boolean {
  return reason === 'unauthenticated' || reason === 'token_expired'
}

function refusal(outcome: Extract<Reply['outcome'], { ok: false }>): Reply {
  return { outcome, replayed: false, warnings: [] }
}
