// What the Worker is given: bindings, and settings parsed once. A wrong setting is named, and nothing is served.

import * as z from 'zod'
import { MAX_SESSION_BYTES, MAX_TIMEOUT_S, MIN_TIMEOUT_S } from './protocol/limits.ts'
import { DEFAULT_LIMITS, type Limits } from './session/limits.ts'

export type Env = {
  readonly CLIENTS: DurableObjectNamespace
  readonly TEAMS: DurableObjectNamespace
  /** The platform's own counter of what fails, over all its machines; not every platform has one. */
  readonly STUI_RATE_LIMITER?: RateLimit
  readonly [setting: `STUI_${string}`]: unknown
}

/** How requests are authenticated, and what that takes. */
export type Auth =
  /** Not at all: everybody is in the team `local`. For a stack on one machine. */
  | { readonly mode: 'off' }
  | (StuiApi & { readonly mode: 'jwt'; readonly jwksUrl?: string })
  | (StuiApi & {
      readonly mode: 'introspection'
      readonly introspectionUrl: string
      readonly credentials: { readonly id: string; readonly secret: string }
    })

type StuiApi = { readonly issuer: string; readonly audience: string }

export type Settings = {
  readonly auth: Auth
  /** Keys that sign session ids; the newest first. */
  readonly secrets: readonly Uint8Array[]
  /** Keys that seal what is stored of states; the newest first. Without any, nothing is sealed. */
  readonly encryptionKeys: readonly { readonly id: string; readonly key: Uint8Array }[]
  readonly limits: Limits
  /** What the STUI API knows the panel by; without it people paste a token. */
  readonly panelClientId?: string
}

/** A setting that is absent or cannot be used. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const MIN_SECRET_BYTES = 32

const count = (fallback: number, most = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(1).max(most).default(fallback)

const clientList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
  )

const secretList = z
  .string()
  .transform((text) =>
    text.split(',').map((secret) => new Uint8Array(Buffer.from(secret.trim(), 'base64url')))
  )
  .refine(
    (secrets) => secrets.every((secret) => secret.length >= MIN_SECRET_BYTES),
    `base64url of at least ${MIN_SECRET_BYTES} random bytes each, separated by commas, the newest first`
  )

/** `id:base64url` of 32 random bytes each, separated by commas, the newest first; no id twice. */
const keyRing = z
  .string()
  .regex(/^[\w-]{1,32}:[\w-]{43}=?(\s*,\s*[\w-]{1,32}:[\w-]{43}=?)*$/)
  .transform((text) =>
    text.split(',').map((entry) => {
      const [id = '', key = ''] = entry.trim().split(':')
      return { id, key: new Uint8Array(Buffer.from(key, 'base64url')) }
    })
  )
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length)
  .default([])

/** Keys, tokens and credentials cross no network in the clear; on this machine there is no network. */
const address = z.string().refine((text) => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname))
})

const LOOPBACK: readonly string[] = ['127.0.0.1', '[::1]', 'localhost']

const word = z.string().min(1)
const stuiApi = { STUI_API_ISSUER: address, STUI_API_AUDIENCE: word }

const authSchema = z.discriminatedUnion('STUI_AUTH', [
  z.object({ STUI_AUTH: z.literal('off') }),
  z.object({
    STUI_AUTH: z.literal('jwt'),
    ...stuiApi,
    STUI_API_JWKS_URL: address.optional(),
  }),
  z.object({
    STUI_AUTH: z.literal('introspection'),
    ...stuiApi,
    STUI_API_INTROSPECTION_URL: address,
    STUI_API_CLIENT_ID: word,
    STUI_API_CLIENT_SECRET: word,
  }),
])

const settingsSchema = z.object({
  STUI_SESSION_SECRETS: secretList,
  STUI_ENCRYPTION_KEYS: keyRing,
  STUI_MAX_SESSIONS_PER_CLIENT: count(DEFAULT_LIMITS.activeSessions, 1000),
  STUI_DEFAULT_TIMEOUT_S: count(DEFAULT_LIMITS.defaultTimeoutS, MAX_TIMEOUT_S).refine(
    (seconds) => seconds >= MIN_TIMEOUT_S
  ),
  STUI_RETENTION_DAYS: count(DEFAULT_LIMITS.retentionMs / 86_400_000, 3650),
  STUI_SESSION_BYTES: count(DEFAULT_LIMITS.sessionBytes, MAX_SESSION_BYTES),
  STUI_CLIENT_BYTES: count(DEFAULT_LIMITS.clientBytes),
  STUI_CREATIONS_PER_MINUTE: count(DEFAULT_LIMITS.creations.perMinute),
  STUI_CREATION_BURST: count(DEFAULT_LIMITS.creations.burst),
  STUI_COMMANDS_PER_MINUTE: count(DEFAULT_LIMITS.commands.perMinute),
  STUI_COMMAND_BURST: count(DEFAULT_LIMITS.commands.burst),
  STUI_ALLOWED_CLIENTS: clientList,
  STUI_DENIED_CLIENTS: clientList,
  STUI_PANEL_CLIENT_ID: word.optional(),
})

const parsed = new WeakMap<Env, Settings>()

/** The settings of an environment; throws a SettingsError that names the first wrong one. */
export function readSettings(env: Env): Settings {
  const known = parsed.get(env)
  if (known !== undefined) return known
  const auth = authOf(checked(authSchema, env))
  const settings = { auth, ...settingsOf(checked(settingsSchema, env)) }
  parsed.set(env, settings)
  return settings
}

function checked<Schema extends z.ZodType>(schema: Schema, env: Env): z.output<Schema> {
  const result = schema.safeParse(env)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new SettingsError(`the setting ${issue?.path.join('.')} is absent or wrong`)
}

function authOf(given: z.output<typeof authSchema>): Auth {
  switch (given.STUI_AUTH) {
    case 'off':
      return { mode: 'off' }
    case 'jwt': {
      const jwksUrl = given.STUI_API_JWKS_URL
      return { mode: 'jwt', ...apiOf(given), ...(jwksUrl !== undefined && { jwksUrl }) }
    }
    case 'introspection':
      return {
        mode: 'introspection',
        ...apiOf(given),
        introspectionUrl: given.STUI_API_INTROSPECTION_URL,
        credentials: { id: given.STUI_API_CLIENT_ID, secret: given.STUI_API_CLIENT_SECRET },
      }
    default:
      return given satisfies never
  }
}

function apiOf(given: { readonly STUI_API_ISSUER: string; readonly STUI_API_AUDIENCE: string }) {
  return { issuer: given.STUI_API_ISSUER, audience: given.STUI_API_AUDIENCE }
}

function settingsOf(given: z.output<typeof settingsSchema>): Omit<Settings, 'auth'> {
  const panelClientId = given.STUI_PANEL_CLIENT_ID
  return {
    ...(panelClientId !== undefined && { panelClientId }),
    secrets: given.STUI_SESSION_SECRETS,
    encryptionKeys: given.STUI_ENCRYPTION_KEYS,
    limits: {
      ...DEFAULT_LIMITS,
      activeSessions: given.STUI_MAX_SESSIONS_PER_CLIENT,
      defaultTimeoutS: given.STUI_DEFAULT_TIMEOUT_S,
      retentionMs: given.STUI_RETENTION_DAYS * 86_400_000,
      sessionBytes: given.STUI_SESSION_BYTES,
      clientBytes: given.STUI_CLIENT_BYTES,
      creations: {
        perMinute: given.STUI_CREATIONS_PER_MINUTE,
        burst: given.STUI_CREATION_BURST,
      },
      commands: {
        perMinute: given.STUI_COMMANDS_PER_MINUTE,
        burst: given.STUI_COMMAND_BURST,
      },
      clients: { allow: given.STUI_ALLOWED_CLIENTS, deny: given.STUI_DENIED_CLIENTS },
    },
  }
}
