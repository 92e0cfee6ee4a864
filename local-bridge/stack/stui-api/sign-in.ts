// Signing in with a browser, as an authorization server has it: authorization code with PKCE (RFC 6749, RFC 7636), S256
// only. Nobody is asked for a password, so a code goes to the stack's own page and to nobody else.

import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../../../src/clock.ts'
import { signInPage, wrongPage } from './sign-in-page.ts'
import { isUserName, type UserName } from './users.ts'

/** What the panel of the stack is known by. */
export const PANEL_CLIENT_ID = 'stui-panel'

/** How long a code may be redeemed. */
export const CODE_LIFETIME_MS = 60_000

/** Codes that wait to be redeemed. */
const MOST_CODES = 100

export type BrowserReply =
  | { readonly status: 200 | 400; readonly html: string }
  | { readonly status: 303; readonly location: string }

export type SignIn = {
  /** The service at this address may have people signed in; nobody else may. */
  serve(url: string): void
  /** The page that asks who one is. */
  ask(query: URLSearchParams): BrowserReply
  /** What was chosen on it. */
  choose(form: URLSearchParams): BrowserReply
  /** Who signed in with this code; a code is worth something once. */
  redeem(form: URLSearchParams): UserName | undefined
}

type Code = {
  readonly user: UserName
  readonly challenge: string
  readonly redirect: string
  readonly until: number
}

export function createSignIn(clock: Clock): SignIn {
  const redirects = new Set<string>()
  const codes = new Map<string, Code>()

  /** Where an answer may go; undefined for a request that must not be answered anywhere else than here. */
  function redirectOf(asked: URLSearchParams): string | undefined {
    const redirect = asked.get('redirect_uri') ?? ''
    return asked.get('client_id') === PANEL_CLIENT_ID && redirects.has(redirect)
      ? redirect
      : undefined
  }

  function newCode(its: Omit<Code, 'until'>): string {
    const now = clock.now()
    for (const [code, { until }] of codes) if (until <= now) codes.delete(code)
    const [oldest] = codes.keys()
    if (codes.size >= MOST_CODES && oldest !== undefined) codes.delete(oldest)
    const code = randomUUID()
    codes.set(code, { ...its, until: now + CODE_LIFETIME_MS })
    return code
  }

  return {
    serve: (url) => {
      const { port } = new URL(url)
      for (const host of ['127.0.0.1', 'localhost']) redirects.add(`http://${host}:${port}/`)
    },
    ask: (query) => {
      const redirect = redirectOf(query)
      if (redirect === undefined) return { status: 400, html: wrongPage() }
      const fault = faultOf(query)
      if (fault !== undefined) return answered(redirect, query, { error: fault })
      return { status: 200, html: signInPage(query) }
    },
    choose: (form) => {
      const redirect = redirectOf(form)
      if (redirect === undefined) return { status: 400, html: wrongPage() }
      const fault = faultOf(form)
      if (fault !== undefined) return answered(redirect, form, { error: fault })
      const user = form.get('user') ?? ''
      if (!isUserName(user)) return answered(redirect, form, { error: 'access_denied' })
      const challenge = form.get('code_challenge') ?? ''
      return answered(redirect, form, { code: newCode({ user, challenge, redirect }) })
    },
    redeem: (form) => {
      const given = form.get('code') ?? ''
      const code = codes.get(given)
      codes.delete(given)
      if (code === undefined || code.until <= clock.now()) return undefined
      const challenge = s256(form.get('code_verifier') ?? '')
      const isTheirs =
        form.get('client_id') === PANEL_CLIENT_ID && form.get('redirect_uri') === code.redirect
      return isTheirs && challenge === code.challenge ? code.user : undefined
    },
  }
}

/** What is wrong with a request, as RFC 6749 section 4.1.2.1 names it. */
function faultOf(asked: URLSearchParams): string | undefined {
  if (asked.get('response_type') !== 'code') return 'unsupported_response_type'
  const isS256 = asked.get('code_challenge_method') === 'S256'
  const isChallenge = /^[\w-]{43}$/.test(asked.get('code_challenge') ?? '')
  return isS256 && isChallenge ? undefined : 'invalid_request'
}

function answered(
  redirect: string,
  asked: URLSearchParams,
  answer: Readonly<Record<string, string>>
): BrowserReply {
  const location = new URL(redirect)
  const state = asked.get('state')
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value)
  if (state !== null) location.searchParams.set('state', state)
  return { status: 303, location: location.href }
}

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
