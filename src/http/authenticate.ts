// Decides who sent a request, by its token alone. A Worker without a chosen mode serves nobody: env.ts refuses to start.

import { readBearer } from '../access/bearer.ts'
import { LOCAL_PRINCIPAL, type Principal } from '../access/principal.ts'
import type { RecallingVerifier } from '../access/verdict-cache.ts'
import type { Auth } from '../env.ts'
import { type Outcome, succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'

/** Turns a token into whom it stands for. */
export type Verify = (token: string) => Promise<Outcome<Principal, Failure>>

/** The principal of a request with this `Authorization` header. */
export async function authenticate(
  { mode }: Auth,
  header: string | null,
  verify: Verify
): Promise<Outcome<Principal, Failure>> {
  if (mode === 'off') return succeed(LOCAL_PRINCIPAL)
  const token = readBearer(header)
  if (!token.ok) return token
  if (token.value !== undefined) return verify(token.value)
  return fail({ reason: 'unauthenticated', detail: 'the request has no Authorization header' })
}

/**
 * How the tokens of a request are verified. While its address has to wait, because of what failed before, nobody is
 * asked about a token that is not known: inventing tokens must not become the STUI API's load.
 */
export function verifyFor(verifier: RecallingVerifier, waitMs: number): Verify {
  if (waitMs === 0) return verifier.verify
  const wait = fail({ reason: 'rate_limited', retry_after_ms: waitMs })
  return async (token) => (await verifier.recall(token)) ?? wait
}
