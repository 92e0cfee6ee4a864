// Signing in at the STUI API with a browser: authorization code with PKCE (RFC 6749, RFC 7636), for a public client.
// The code is redeemed by the service, so that a page needs no connection to anybody but the service.

import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { type Outcome, succeed } from '../outcome.ts'
import { discover } from './discovery.ts'
import { sharedWork } from './shared-work.ts'
import {
  API_LIMIT_MS,
  ask,
  type Fetch,
  jsonOf,
  systemTimeLimit,
  type TimeLimit,
} from './stui-api.ts'
import { type AccessFailure, refuse } from './verifier.ts'

export type SignInParts = {
  readonly fetch: Fetch
  readonly issuer: string
  /** What the STUI API knows the panel by. */
  readonly clientId: string
  readonly limit?: TimeLimit
}

/** How long it is believed where people sign in: everybody may ask for it, so the STUI API must not be asked each time. */
const BELIEVED_MS = 60_000

/** Tells where a browser goes to sign in; undefined if the STUI API offers no such place, or cannot be asked. */
export type SignInPage = (
  parts: Pick<SignInParts, 'fetch' | 'issuer'>
) => Promise<string | undefined>

export function createSignInPage(clock: Clock, limit: TimeLimit = systemTimeLimit): SignInPage {
  const share = sharedWork<string | undefined>({
    ...{ clock, limit, waitMs: API_LIMIT_MS, late: undefined },
  })
  let known: { readonly at: number; readonly page: string | undefined } | undefined

  return async (parts) => {
    if (known !== undefined && clock.now() - known.at < BELIEVED_MS) return known.page
    return share('page', async () => {
      const at = clock.now()
      const found = await page({ ...parts, limit })
      // A late answer to an overdue question must not undo a newer one.
      if (known === undefined || known.at <= at) known = { at, page: found }
      return found
    })
  }
}

async function page(parts: Omit<SignInParts, 'clientId'>): Promise<string | undefined> {
  const endpoints = await endpointsOf(parts)
  if (!endpoints.ok || endpoints.value.token_endpoint === undefined) return undefined
  return endpoints.value.authorization_endpoint
}

/** What came back to the page, and what only the page knows. */
export const redemption = z.object({
  code: z.string().min(1).max(4096),
  code_verifier: z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/),
  redirect_uri: z.url({ protocol: /^https?$/ }),
})

const grantSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
})

export type Grant = z.output<typeof grantSchema>

/** Redeems a code for a token. What the STUI API says of a code that it refuses is not repeated. */
export async function redeem(
  parts: SignInParts,
  given: z.output<typeof redemption>
): Promise<Outcome<Grant, AccessFailure>> {
  const endpoints = await endpointsOf(parts)
  if (!endpoints.ok) return endpoints
  const url = endpoints.value.token_endpoint
  if (url === undefined) return refuse('the STUI API has no place to redeem a code')
  const form = { grant_type: 'authorization_code', client_id: parts.clientId, ...given }
  const answer = await ask(
    parts.fetch,
    {
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    },
    limitOf(parts)
  )
  if (!answer.ok) return answer
  const isRefused = answer.value.status >= 400 && answer.value.status < 500
  if (isRefused) return refuse('the STUI API does not take this sign-in')
  const json = jsonOf(answer.value)
  if (!json.ok) return json
  const { data } = grantSchema.safeParse(json.value)
  return data === undefined ? refuse('the STUI API gave no token for this sign-in') : succeed(data)
}

function endpointsOf(parts: Omit<SignInParts, 'clientId'>) {
  return discover(parts.fetch, parts.issuer, limitOf(parts))
}

function limitOf({ limit = systemTimeLimit }: Pick<SignInParts, 'limit'>): AbortSignal {
  return limit(API_LIMIT_MS)
}
