// The panel's part of the door: the page and its files, how people sign in, and who somebody is. Everything else that the
// page does goes through /v1/messages and /v1/events like anybody's.

import {
  type Grant,
  redeem,
  redemption,
  type SignInPage,
  type SignInParts,
} from '../access/sign-in.ts'
import type { Fetch } from '../access/stui-api.ts'
import { isoTime } from '../clock.ts'
import { readSettings, type Settings } from '../env.ts'
import { type Outcome, succeed } from '../outcome.ts'
import { PANEL } from '../panel/assets.ts'
import type { Me, PanelConfig } from '../panel/view/config.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { parseJson } from '../protocol/json-text.ts'
import { VERSION } from '../version.ts'
import { addressOf } from './failure-limits.ts'
import { type Asked, counted, letIn } from './let-in.ts'
import { readBody } from './read-body.ts'

/** Nothing but the page's own files runs, is shown or is asked; nobody may put the page into a frame. */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const

/** The page. It is never cached, so that it always names the files that go with it. */
export function panelPage(request: Request): Response {
  return new Response(PANEL.page, { headers: { ...PAGE_HEADERS, ...compressed(request) } })
}

/** A file of the page. Its name changes with its content, so it may be kept for ever. */
export function panelFile(request: Request, name: string): Response | undefined {
  const file = PANEL.files.find((one) => one.name === name)
  if (file === undefined) return undefined
  const headers = {
    'content-type': file.type,
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...compressed(request),
  }
  return new Response(file.text, { headers })
}

/** The runtime compresses a body whose headers say that it is. */
function compressed({ headers }: Request): Record<string, string> {
  const takesGzip = /\bgzip\b/.test(headers.get('accept-encoding') ?? '')
  return { vary: 'accept-encoding', ...(takesGzip && { 'content-encoding': 'gzip' }) }
}

/** What the page has to know before anybody has signed in. */
export async function panelConfig(
  settings: Settings,
  { fetch, signInPage }: { readonly fetch: Fetch; readonly signInPage: SignInPage }
): Promise<PanelConfig> {
  const common = { version: VERSION, session_bytes: settings.limits.sessionBytes }
  const { auth } = settings
  if (auth.mode === 'off') return { ...common, auth: 'off' }
  const parts = signInParts(settings, fetch)
  const authorization_endpoint = parts && (await signInPage(parts))
  if (parts === undefined || authorization_endpoint === undefined) {
    return { ...common, auth: 'token', issuer: auth.issuer }
  }
  const { issuer, clientId: client_id } = parts
  return {
    ...common,
    auth: 'pkce',
    issuer,
    client_id,
    authorization_endpoint,
    audience: auth.audience,
  }
}

/** Who the token of a request stands for. */
export async function whoAsks(asked: Asked): Promise<Outcome<Me, Failure>> {
  const scene = await letIn(asked)
  if (!scene.ok) return scene
  const wait = scene.value.paced()
  if (wait !== undefined) return fail(wait)
  const { subject, team, role, client_ids, tier, expires_at } = scene.value.principal
  return succeed({
    subject,
    team,
    role,
    client_ids,
    tier,
    ...(expires_at !== undefined && { expires_at: isoTime(expires_at) }),
  })
}

/** Redeems the code that a sign-in came back with. */
export async function redeemCode(asked: Asked, fetch: Fetch): Promise<Outcome<Grant, Failure>> {
  const parts = signInParts(readSettings(asked.env), fetch)
  if (parts === undefined) return fail({ reason: 'invalid_request', detail: NO_SIGN_IN })
  const retry_after_ms = asked.shared.failures.waitMs(addressOf(asked.request.headers))
  if (retry_after_ms > 0) return fail({ reason: 'rate_limited', retry_after_ms })
  const body = await readBody(asked.request)
  if (!body.ok) return body
  const given = redemption.safeParse(parseJson(body.value.text))
  if (!given.success || !isOurs(given.data.redirect_uri, asked.request)) {
    return fail({ reason: 'invalid_request', detail: NO_CODE })
  }
  const grant = await redeem(parts, given.data)
  return grant.ok ? grant : fail(await counted(asked, grant.failure))
}

const NO_SIGN_IN = 'this service has no sign-in of its own; send a token'
const NO_CODE = 'send code, code_verifier and the redirect_uri of this page'

function signInParts({ auth, panelClientId }: Settings, fetch: Fetch): SignInParts | undefined {
  if (auth.mode === 'off' || panelClientId === undefined) return undefined
  return { fetch, issuer: auth.issuer, clientId: panelClientId }
}

function isOurs(redirect_uri: string, { url, headers }: Request): boolean {
  return new URL(redirect_uri).host === (headers.get('host') ?? new URL(url).host)
}
