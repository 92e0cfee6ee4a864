// Signing in at the STUI API: authorization code with PKCE (RFC 7636). What must outlive the way there and back is the
// verifier, which is worth nothing without the code; the token itself is never written anywhere.

import type { Outcome } from '../../outcome.ts'
import type { PanelConfig } from '../view/config.ts'
import { fetched, OFFLINE, type Refusal, refusalOf } from './ask.ts'

type Pkce = Extract<PanelConfig, { auth: 'pkce' }>

const KEY = 'stui.sign-in'

/** Leaves for the STUI API. */
export async function leaveToSignIn(
  config: Pkce,
  random: (bytes: number) => Uint8Array
): Promise<void> {
  const verifier = base64url(random(32))
  const state = base64url(random(16))
  sessionStorage.setItem(KEY, JSON.stringify({ verifier, state, hash: location.hash }))
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const url = new URL(config.authorization_endpoint)
  const asked = {
    response_type: 'code',
    client_id: config.client_id,
    redirect_uri: redirectUri(),
    scope: 'openid',
    audience: config.audience,
    state,
    code_challenge: base64url(new Uint8Array(challenge)),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  location.assign(url)
}

/** The token, if the page was opened by coming back from there; undefined if not. */
export async function comeBack(): Promise<Outcome<string, Refusal> | undefined> {
  const query = new URLSearchParams(location.search)
  const kept = sessionStorage.getItem(KEY)
  sessionStorage.removeItem(KEY)
  const code = query.get('code')
  if (code === null && query.get('error') === null) return undefined
  const { verifier, state, hash } = JSON.parse(kept ?? '{}') as Readonly<Record<string, string>>
  // Whoever looks at the address or its history later finds nothing.
  history.replaceState(null, '', `${location.pathname}${hash ?? ''}`)
  // A code that was not asked for here is somebody else's sign-in.
  if (code === null || verifier === undefined || query.get('state') !== state) return notSignedIn()
  const body = JSON.stringify({ code, code_verifier: verifier, redirect_uri: redirectUri() })
  const grant = await fetched('/panel/token', undefined, { body })
  if (grant === undefined) return { ok: false, failure: OFFLINE }
  if (typeof grant.access_token === 'string') return { ok: true, value: grant.access_token }
  return { ok: false, failure: refusalOf(grant) }
}

function notSignedIn() {
  const sentence = 'The sign-in was not finished. Sign in again.'
  const failure = { code: 'unauthenticated', sentence, recovery: [], retryAfterMs: 0 }
  return { ok: false, failure } as const
}

function redirectUri(): string {
  return `${location.origin}/`
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
