// What a principal may use, decided before any object is touched: commands by subscription, clients by credentials.

import { FEATURES, mayUseFeature } from '../access/features.ts'
import type { Principal } from '../access/principal.ts'
import { type Outcome, succeed } from '../outcome.ts'
import { mayUseClient } from '../protocol/client-pattern.ts'
import type { Declaration } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { findCommand } from '../protocol/registry.ts'

/** Refuses a command whose feature the subscription does not include. */
export function mayUseCommand(
  { feature }: Pick<Declaration, 'feature'>,
  principal: Principal
): Outcome<undefined, Failure> {
  if (feature === undefined || mayUseFeature(principal, feature)) return succeed(undefined)
  const required_tier = FEATURES.get(feature)
  return fail({
    reason: 'forbidden',
    detail: `the subscription does not include ${feature}`,
    ...(required_tier !== undefined && { required_tier }),
  })
}

/**
 * Refuses a client that the credentials do not cover, in the way of a client that does not exist.
 * Lists of such a client are left to the object, which lists nothing for strangers.
 */
export function mayNameClient(
  command: string,
  client_id: unknown,
  principal: Principal
): Outcome<undefined, Failure> {
  if (typeof client_id !== 'string' || mayUseClient(principal, client_id)) return succeed(undefined)
  switch (findCommand(command)?.strangers) {
    case 'refused':
      return fail({ reason: 'client_not_allowed', client_id })
    case 'nothing':
      return succeed(undefined)
    case undefined:
      return fail({ reason: 'session_not_found' })
  }
}
