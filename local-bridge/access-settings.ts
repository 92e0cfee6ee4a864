// The settings that say who the developer is and who vouches for it; `run` and `whoami` share them.

import * as z from 'zod'
import { type Called, NO, type Setting, YES } from './command-line.ts'
import type { StuiApiAddress } from './token-check.ts'

/** Where the token is; what is typed is asked for later. */
export type TokenPlace =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'environment'; readonly token: string }
  | { readonly from: 'prompt' }

export type AccessSettings = StuiApiAddress & { readonly token: TokenPlace }

/** What a setting is where nobody says. */
export const NONE = 'none'

const DEFAULT_AUDIENCE = 'stui-sessions'

export const ACCESS_SETTINGS: readonly Setting[] = [
  {
    key: 'apiIssuer',
    flag: '--api-issuer',
    placeholder: 'url',
    env: 'STUI_API_ISSUER',
    meaning: 'the STUI API that vouches for the token',
    fallback: NONE,
  },
  {
    key: 'apiAudience',
    flag: '--api-audience',
    placeholder: 'name',
    env: 'STUI_API_AUDIENCE',
    meaning: 'whom the token must be meant for',
    fallback: DEFAULT_AUDIENCE,
  },
  {
    key: 'introspectionUrl',
    flag: '--introspection-url',
    placeholder: 'url',
    env: 'STUI_API_INTROSPECTION_URL',
    meaning: 'where the token is asked about; none takes what the issuer publishes',
    fallback: NONE,
  },
  {
    key: 'tokenFile',
    flag: '--token-file',
    placeholder: 'file',
    env: 'STUI_TOKEN_FILE',
    meaning: 'file with the token, private to its owner',
    fallback: NONE,
  },
  {
    key: 'askToken',
    flag: '--ask-token',
    meaning: 'asks for the token on the terminal',
    fallback: NO,
  },
]

const optional = z.string().transform((text) => (text === NONE ? undefined : text))

const safeUrl = optional.refine((url) => url === undefined || isSafeUrl(url), {
  // Not repeated: it may hold a password.
  error: 'must be an https address (or http on this machine) without user, query or fragment',
})

export const ACCESS_SHAPE = {
  apiIssuer: safeUrl,
  apiAudience: z.string(),
  introspectionUrl: safeUrl,
  tokenFile: optional,
  askToken: z.enum([NO, YES]),
}

export type AccessValues = z.output<z.ZodObject<typeof ACCESS_SHAPE>>

/** The sentence, after the program's name, for whoever writes a token where everybody can read it. */
export function tokenOnCommandLine({ args }: Pick<Called, 'args'>): string | undefined {
  if (!args.some((arg) => /^--?token(?:=|$)/.test(arg))) return undefined
  return 'a token is never taken from the command line, where every program can read it; use --token-file, STUI_TOKEN or --ask-token'
}

/** The settings together, undefined if authentication is off, or what is missing in a sentence without its end. */
export function readAccess(
  values: AccessValues,
  { env }: Pick<Called, 'env'>
): AccessSettings | undefined | { readonly missing: string } {
  const { apiIssuer: issuer, apiAudience: audience, introspectionUrl } = values
  const token = placeOf(values, env.STUI_TOKEN)
  if (issuer === undefined && token === undefined) return undefined
  if (issuer === undefined) return { missing: 'a token needs --api-issuer, which vouches for it' }
  if (token === undefined) {
    return { missing: '--api-issuer needs a token: --token-file, STUI_TOKEN or --ask-token' }
  }
  return { issuer, audience, ...(introspectionUrl !== undefined && { introspectionUrl }), token }
}

/** A file comes before the environment: it can be renewed while the bridge runs. */
function placeOf({ askToken, tokenFile }: AccessValues, token: string | undefined) {
  if (askToken === YES) return { from: 'prompt' } as const
  if (tokenFile !== undefined) return { from: 'file', path: tokenFile } as const
  return token === undefined || token === '' ? undefined : ({ from: 'environment', token } as const)
}

/** A token and what is said of it never cross to another machine in the clear. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null) return false
  if ([url.username, url.password, url.search, url.hash].some((part) => part !== '')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host)
}
