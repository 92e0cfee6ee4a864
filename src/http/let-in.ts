// Who is let in: authenticates before anything is carried out, and counts those who are not let in.

import { type Env, readSettings } from '../env.ts'
import { faultText, log } from '../log.ts'
import { type Outcome, succeed } from '../outcome.ts'
import type { Reply } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { findCommand } from '../protocol/registry.ts'
import { authenticate, verifyFor } from './authenticate.ts'
import { type Delivered, dispatch, type Scene } from './dispatch.ts'
import { addressOf, type FailureLimits } from './failure-limits.ts'
import type { Running } from './running.ts'
import type { Verifiers } from './verifiers.ts'

/** What all requests of an isolate share. */
export type Shared = {
  readonly verifiers: Verifiers
  readonly failures: FailureLimits
  /** The commands that are served. */
  readonly find: typeof findCommand
}

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
  const scene = await admit(asked)
  if (!scene.ok) return refusal(scene)
  return read.ok ? dispatch(scene.value, read.value) : refusal(read)
}

/** Somebody with a good token, and what answering takes. */
export async function admit({
  request,
  env,
  running,
  shared,
}: Asked): Promise<Outcome<Scene, Failure>> {
  const settings = readSettings(env)
  const from = addressOf(request.headers)
  const verify = verifyFor(shared.verifiers(settings.auth), shared.failures.waitMs(from))
  const principal = await authenticate(settings.auth, request.headers.get('authorization'), verify)
  if (!principal.ok) return principal
  const { find } = shared
  return succeed({ ...running, env, settings, verify, from, find, principal: principal.value })
}

/**
 * Counts a call without a good token against its address; one too many is told to wait instead. Only those that are
 * counted are logged, so that an address cannot fill the log either.
 */
export async function counted(
  { request, env, running, shared }: Asked,
  reply: Reply
): Promise<Reply> {
  const reason = reply.outcome.ok ? undefined : aboutToken(reply.outcome.failure)
  if (reason === undefined) return reply
  const address = addressOf(request.headers)
  const waitMs = await shared.failures.count(address, env.STUI_RATE_LIMITER)
  if (waitMs > 0) return refusal(fail({ reason: 'rate_limited', retry_after_ms: waitMs }))
  log({ event: 'token_refused', request_id: running.request_id, reason, address })
  return reply
}

function aboutToken({ reason }: Failure): 'unauthenticated' | 'token_expired' | undefined {
  return reason === 'unauthenticated' || reason === 'token_expired' ? reason : undefined
}

export function refusal(outcome: Extract<Reply['outcome'], { ok: false }>): Reply {
  return { outcome, replayed: false, warnings: [] }
}
