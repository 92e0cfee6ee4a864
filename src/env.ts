// What the Worker is given: bindings, and settings parsed once. A wrong setting is named, and nothing is served.

import * as z from 'zod'
import { MAX_SESSION_BYTES, MAX_TIMEOUT_S, MIN_TIMEOUT_S } from './protocol/limits.ts'
import { DEFAULT_LIMITS, type Limits } from './session/limits.ts'

export type Env = {
  readonly CLIENTS: DurableObjectNamespace
  readonly TEAMS: DurableObjectNamespace
  readonly [setting: `STUI_${string}`]: string | undefined
}

export type Settings = {
  /** How requests are authenticated; `off` puts everybody into the team `local`. */
  readonly auth: 'off'
  /** Keys that sign session ids; the newest first. */
  readonly secrets: readonly Uint8Array[]
  readonly limits: Limits
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

const settingsSchema = z.object({
  STUI_AUTH: z.enum(['off']),
  STUI_SESSION_SECRETS: secretList,
  STUI_MAX_SESSIONS_PER_CLIENT: count(DEFAULT_LIMITS.activeSessions, 1000),
  STUI_DEFAULT_TIMEOUT_S: count(DEFAULT_LIMITS.defaultTimeoutS, MAX_TIMEOUT_S).refine(
    (seconds) => seconds >= MIN_TIMEOUT_S
  ),
  STUI_RETENTION_DAYS: count(DEFAULT_LIMITS.retentionMs / 86_400_000, 3650),
  STUI_SESSION_BYTES: count(DEFAULT_LIMITS.sessionBytes, MAX_SESSION_BYTES),
  STUI_CREATIONS_PER_MINUTE: count(DEFAULT_LIMITS.creations.perMinute),
  STUI_CREATION_BURST: count(DEFAULT_LIMITS.creations.burst),
  STUI_COMMANDS_PER_MINUTE: count(DEFAULT_LIMITS.commands.perMinute),
  STUI_COMMAND_BURST: count(DEFAULT_LIMITS.commands.burst),
  STUI_ALLOWED_CLIENTS: clientList,
  STUI_DENIED_CLIENTS: clientList,
})

const parsed = new WeakMap<Env, Settings>()

/** The settings of an environment; throws a SettingsError that names the first wrong one. */
export function readSettings(env: Env): Settings {
  const known = parsed.get(env)
  if (known !== undefined) return known
  const result = settingsSchema.safeParse(env)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw new SettingsError(`the setting ${issue?.path.join('.')} is absent or wrong`)
  }
  const settings = settingsOf(result.data)
  parsed.set(env, settings)
  return settings
}

function settingsOf(given: z.output<typeof settingsSchema>): Settings {
  return {
    auth: given.STUI_AUTH,
    secrets: given.STUI_SESSION_SECRETS,
    limits: {
      ...DEFAULT_LIMITS,
      activeSessions: given.STUI_MAX_SESSIONS_PER_CLIENT,
      defaultTimeoutS: given.STUI_DEFAULT_TIMEOUT_S,
      retentionMs: given.STUI_RETENTION_DAYS * 86_400_000,
      sessionBytes: given.STUI_SESSION_BYTES,
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
