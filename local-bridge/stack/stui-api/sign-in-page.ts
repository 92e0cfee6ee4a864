// The page on which somebody says who they are: one button for each user. Plain HTML, no program, nothing from elsewhere.

import { USERS } from './users.ts'

/** What a request has that its answer needs. */
const KEPT = [
  'response_type',
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
] as const

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 26rem; margin: 3rem auto; padding: 0 1rem }
button { display: block; width: 100%; margin: .5rem 0; padding: .7rem 1rem; font: inherit; text-align: start }`

export function signInPage(asked: URLSearchParams): string {
  const kept = KEPT.map((name) => hidden(name, asked.get(name) ?? '')).join('')
  const users = Object.entries(USERS).map(
    ([name, { claims }]) =>
      `<button name="user" value="${name}"><b>${name}</b> – ${claims.tier}, ${roleOf(claims)} of ${claims.team}</button>`
  )
  return page(
    'Sign in',
    `<p>A stand-in for the STUI API, for this machine alone. Who are you?</p>
<form method="post" action="/authorize">${kept}
${users.join('\n')}
<button name="user" value="">Do not sign in</button>
</form>`
  )
}

/** For a request that nobody may be sent back from. */
export function wrongPage(): string {
  return page(
    'This sign-in leads nowhere',
    '<p>Only the panel of the running stack may ask for it. Open the panel by the address that the stack prints.</p>'
  )
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – STUI API</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
${body}
</main>
</html>
`
}

function roleOf({ role = 'member' }: { readonly role?: string }): string {
  return role
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escaped(value)}">`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
