// The first look at the developer's token: a bridge with one that is not good does not start.

import { type Outcome, refuse, succeed } from '../src/outcome.ts'
import { createIdentity, type Identity, type IdentityDependencies } from './identity.ts'

/**
 * Gives an identity, or in one sentence why the token is not good. With the STUI API away it starts, and goes on asking.
 * @example const identity = await startIdentity({ source, check, clock, timer, chance, log })
 */
export async function startIdentity(
  dependencies: IdentityDependencies
): Promise<Outcome<Identity, string>> {
  const { source } = dependencies
  const first = source.read()
  if (!first.ok) return refuse(`The token cannot be used: ${first.failure}.`)
  const { look, standing, ...identity } = createIdentity(dependencies, first.value)
  await look()
  const found = standing()
  if (found.kind !== 'refused') return succeed(identity)
  identity.stop()
  const { failure } = found
  return refuse(
    failure.reason === 'token_expired'
      ? `The token expired at ${failure.expired_at}: get a new one and start the bridge again.`
      : `The STUI API refuses the token: ${failure.detail}; get a new one and start the bridge again.`
  )
}
