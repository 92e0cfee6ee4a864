// Answers validate_feature_access (seed 002): the token of the message decides if there is one, else that of the request.

import { type FeatureAccess, featureAccess } from '../access/features.ts'
import type { Principal } from '../access/principal.ts'
import { type Outcome, succeed } from '../outcome.ts'
import { mayUseClient } from '../protocol/client-pattern.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { type ClientPolicy, isAllowed } from '../session/limits.ts'
import type { Verify } from './authenticate.ts'

export type AccessQuestion = {
  readonly principal: Principal
  readonly authToken: string | undefined
  readonly verify: Verify
  readonly clients: ClientPolicy
}

export async function validateFeatureAccess(
  { client_id, feature }: { readonly client_id: string; readonly feature: string },
  { principal, authToken, verify, clients }: AccessQuestion
): Promise<Outcome<FeatureAccess, Failure>> {
  if (!isAllowed(clients, client_id)) return fail({ reason: 'client_not_allowed', client_id })
  const decides = authToken === undefined ? succeed(principal) : await verify(authToken)
  if (!decides.ok) return decides
  if (!mayUseClient(decides.value, client_id)) {
    return fail({ reason: 'client_not_allowed', client_id })
  }
  return succeed(featureAccess(decides.value, feature))
}
