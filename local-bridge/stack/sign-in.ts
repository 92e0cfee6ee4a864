// Signs a user in at the STUI API of a local stack, by the same HTTP as at a real one, and gives the token.

import * as z from 'zod'
import { discover } from '../../src/access/discovery.ts'
import { ask, type Fetch, jsonOf, systemTimeLimit } from '../../src/access/stui-api.ts'
import type { AccessFailure } from '../../src/access/verifier.ts'
import { type Outcome, refuse, succeed } from '../../src/outcome.ts'
import { USERS, type UserName } from './stui-api/users.ts'

export type Granted = z.output<typeof granted>

const granted = z.object({ access_token: z.string(), expires_in: z.number() })

/** How long the STUI API may take for both requests. */
const PATIENCE_MS = 5000

const platformFetch: Fetch = (url, request) => fetch(url, request)

/** What the STUI API gives, or why it gives nothing, in one clause. */
export async function signIn(issuer: string, user: UserName): Promise<Outcome<Granted, string>> {
  const signal = systemTimeLimit(PATIENCE_MS)
  const endpoints = await discover(platformFetch, issuer, signal)
  if (!endpoints.ok) return refuse(whyOf(endpoints.failure))
  const { token_endpoint: url } = endpoints.value
  if (url === undefined) return refuse('the STUI API publishes no token endpoint')
  const form = { grant_type: 'password', username: user, password: USERS[user].password }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams(form).toString()
  const answer = await ask(platformFetch, { url, headers, body }, signal)
  if (!answer.ok) return refuse(whyOf(answer.failure))
  const json = jsonOf(answer.value)
  const { data } = granted.safeParse(json.ok ? json.value : undefined)
  return data === undefined ? refuse(`the STUI API gives ${user} none`) : succeed(data)
}

function whyOf(failure: AccessFailure): string {
  return 'detail' in failure ? failure.detail : failure.reason
}
