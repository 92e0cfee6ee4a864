// Whose the bridge is: the token itself, whether the service takes it, and whether it may use the client.

import type { Principal } from '../../../src/access/principal.ts'
import { isoTime, systemClock } from '../../../src/clock.ts'
import type { Outcome } from '../../../src/outcome.ts'
import { succeed } from '../../../src/outcome.ts'
import { mayUseClient } from '../../../src/protocol/client-pattern.ts'
import { withToken } from '../../access-options.ts'
import type { AccessSettings } from '../../access-settings.ts'
import { createTokenCheck } from '../../token-check.ts'
import { createUpstream } from '../../upstream.ts'
import { whyUnknown } from '../../whoami.ts'
import { duration } from '../words.ts'
import type { DoctorConfig } from './doctor-config.ts'
import { broken, type Finding, ok, skipped, warning } from './finding.ts'

/** What is known of the token; without one where authentication is off. */
export type Developer = { readonly token?: string; readonly principal?: Principal }

const LIMIT_MS = 3000

/** Asking about it tells whether the client may be named, and touches nothing of the client. */
const FEATURE = 'session_persistence'

/** A token that ends sooner is told of, unless its file is renewed. */
const SOON_MS = 120_000

/** Looks at the token; the failure is a finding that is broken. */
export async function checkToken(
  access: AccessSettings | undefined
): Promise<readonly [Finding, Developer | undefined]> {
  const hop = 'token'
  if (access === undefined) {
    return [
      ok(
        hop,
        'none is named: the bridge names nobody, which a service without authentication takes'
      ),
      {},
    ]
  }
  const options = await withToken(access)
  if (!options.ok) return [broken(hop, options.failure, 'name a file with --token-file'), undefined]
  const token = options.value.token.read()
  if (!token.ok) {
    return [
      broken(hop, `it cannot be used: ${token.failure}`, options.value.token.advice),
      undefined,
    ]
  }
  const verdict = await createTokenCheck({ ...access, clock: systemClock })(token.value)
  if (!verdict.ok) {
    const isAway = verdict.failure.reason === 'upstream_unavailable'
    const next = isAway ? `look at --api-issuer ${access.issuer}` : options.value.token.advice
    return [broken(hop, whyUnknown(verdict.failure), next), undefined]
  }
  const principal = verdict.value
  return [goodToken(hop, principal, access), { token: token.value, principal }]
}

function goodToken(
  hop: string,
  principal: Principal,
  { token: { from } }: AccessSettings
): Finding {
  const { subject, team, role, tier, expires_at } = principal
  const seen = `good: ${subject} of team ${team} (${role}, ${tier})`
  if (expires_at === undefined) return ok(hop, seen)
  const left = expires_at - systemClock.now()
  const end = `${seen}, ends in ${duration(left)} (${isoTime(expires_at)})`
  if (left > SOON_MS || from === 'file') return ok(hop, end)
  return warning(hop, end, 'get a new one; in a file of --token-file it is taken without a restart')
}

/** Asks the service what it thinks of the developer, and of the client. */
export async function* checkAccess(
  { config, client }: DoctorConfig,
  { token, principal }: Developer
): AsyncGenerator<Finding> {
  const upstream = createUpstream({
    url: config.upstream,
    ...(token !== undefined && {
      identity: { admit: async () => succeed(token), reconsider: async () => undefined },
    }),
  })
  try {
    const taken = accessFinding(await asked('get_session_statistics', {}))
    yield taken
    if (taken.state === 'broken') return
    yield client === undefined
      ? skipped('client', allowedText(principal))
      : clientFinding(
          client,
          principal,
          await asked('validate_feature_access', { client_id: client, feature: FEATURE })
        )
  } finally {
    await upstream.close()
  }

  async function asked(command: string, parameters: object): Promise<Outcome<string, string>> {
    const body = Buffer.from(JSON.stringify({ id: 'doctor', command, parameters }))
    const answer = await upstream.send(body, {
      requestId: `doctor-${command}`,
      deliveryId: undefined,
      isOpen: false,
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    if (answer.ok) return succeed(answer.value.outcome)
    const { failure } = answer
    return { ok: false, failure: 'detail' in failure ? failure.detail : 'no answer in time' }
  }
}

function accessFinding(answer: Outcome<string, string>): Finding {
  const hop = 'access'
  if (!answer.ok) return broken(hop, answer.failure, 'look at the log of the service')
  switch (answer.value) {
    case 'success':
      return ok(hop, 'the service takes what the bridge sends')
    case 'unauthenticated':
    case 'token_expired':
      return broken(
        hop,
        `the service refuses the bridge (${answer.value})`,
        'it needs a token of the STUI API that it asks itself: look at --api-issuer, --api-audience and --token-file'
      )
    default:
      return warning(
        hop,
        `the service answers ${answer.value}`,
        'try again; if it stays, look at its log'
      )
  }
}

function clientFinding(
  client: string,
  principal: Principal | undefined,
  answer: Outcome<string, string>
): Finding {
  const hop = 'client'
  if (!answer.ok) return broken(hop, answer.failure, 'look at the log of the service')
  if (answer.value === 'success') return ok(hop, `${client} may be used`)
  const isClaimed = principal !== undefined && mayUseClient(principal, client)
  return broken(
    hop,
    `${client} may not be used (${answer.value})`,
    isClaimed
      ? 'the service does not allow this client: choose another client id, or ask whoever runs the service'
      : `the token is for other clients: ${allowedText(principal)}`
  )
}

function allowedText(principal: Principal | undefined): string {
  const ids = principal?.client_ids ?? []
  const whom = ids.length === 0 ? 'every client of the team' : ids.join(', ')
  return `the token is for ${whom}; name one with --client to ask the service`
}
