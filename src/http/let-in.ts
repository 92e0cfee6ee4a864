// Who is let in: authenticates before anything is read or carried out, and counts those who are not let in.

import { type Env, readSettings } from '../env.ts'
import { faultText, log } from '../log.ts'
import { type Outcome, succeed } from '../outcome.ts'
import type { Reply } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { findCommand } from '../protocol/registry.ts'
import { authenticate, verifyFor } from './authenticate.ts'
import { type Delivered, dispatch, type Scene } from './dispatch.ts'
import type { DoorLimits } from './door-limits.ts'
import { addressOf, type FailureLimits } from './failure-limits.ts'
import { refused } from './refused.ts'
import type { Running } from './running.ts'
import type { Verifiers } from './verifiers.ts'

/** What all requests of an isolate share. */
export type Shared = {
  readonly verifiers: Verifiers
  readonly failures: FailureLimits
  readonly door: DoorLimits
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

/** The one catch of the door: a fault is told as ours, with nothing of what it said. */
export async function unlessFault<Value>(
  { running: { request_id } }: Asked,
  command: string,
  work: () => Promise<Outcome<Value, Failure>>
): Promise<Outcome<Value, Failure>> {
  try {
    return await work()
  } catch (error) {
    log({ event: 'fault', where: 'http', request_id, command, error: faultText(error) })
    return fail({ reason: 'internal_error' })
  }
}

/** Who is asking comes before everything else: for a stranger nothing is done that costs time. */
export function letIn(asked: Asked): Promise<Outcome<Scene, Failure>> {
  return unlessFault(asked, '', async () => {
    const scene = await admit(asked)
    return scene.ok ? scene : fail(await counted(asked, scene.failure))
  })
}

/** Answers somebody who was let in; a token inside of the message may still be none. */
export async function answer(asked: Asked, scene: Scene, delivered: Delivered): Promise<Reply> {
  const answered = await unlessFault(asked, delivered.message.command, async () => {
    const reply = await dispatch(scene, delivered)
    if (reply.outcome.ok) return succeed(reply)
    const { failure } = reply.outcome
    const told = await counted(asked, failure)
    return succeed(told === failure ? reply : refused(told))
  })
  return answered.ok ? answered.value : refused(answered.failure)
}

/** Somebody with a good token, and what answering takes. */
async function admit({ request, env, running, shared }: Asked): Promise<Outcome<Scene, Failure>> {
  const settings = readSettings(env)
  const from = addressOf(request.headers)
  const verify = verifyFor(shared.verifiers(settings.auth), shared.failures.waitMs(from))
  const principal = await authenticate(settings.auth, request.headers.get('authorization'), verify)
  if (!principal.ok) return principal
  const { find, door } = shared
  const paced = () => door.paced({ ...principal.value, from }, settings.limits.commands)
  const known = { ...running, env, settings, verify, from, find }
  return succeed({ ...known, principal: principal.value, paced })
}

/**
 * Counts a call without a good token against its address; one too many is told to wait instead. Only those that are
 * counted are logged, so that an address cannot fill the log either.
 */
export async function counted(
  { request, env, running, shared }: Asked,
  failure: Failure
): Promise<Failure> {
  const reason = aboutToken(failure)
  if (reason === undefined) return failure
  const address = addressOf(request.headers)
  const waitMs = await shared.failures.count(address, env.STUI_RATE_LIMITER)
  if (waitMs > 0) return { reason: 'rate_limited', retry_after_ms: waitMs }
  log({ event: 'token_refused', request_id: running.request_id, reason, address })
  return failure
}

function aboutToken({ reason }: Failure): 'unauthenticated' | 'token_expired' | undefined {
  return reason === 'unauthenticated' || reason === 'token_expired' ? reason : undefined
}
