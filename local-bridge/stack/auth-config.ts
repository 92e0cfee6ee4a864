// The settings of a stack that asks for tokens: npm start -- --auth.

import * as z from 'zod'
import { choice, oneOf, type Setting } from '../command-line.ts'
import { USER_NAMES, type UserName } from './stui-api/users.ts'

export type AuthConfig = {
  /** How the Worker verifies tokens. */
  readonly mode: 'jwt' | 'introspection'
  /** Port of the small STUI API on 127.0.0.1; 0 takes a free one. */
  readonly apiPort: number
  /** For whom the bridge speaks. */
  readonly user: UserName
}

const MODES = ['off', 'jwt', 'introspection'] as const

const MAX_PORT = 65_535

export const AUTH_SETTINGS: readonly Setting[] = [
  {
    key: 'auth',
    flag: '--auth',
    placeholder: 'mode',
    bare: 'jwt',
    meaning: `asks for tokens: ${oneOf(MODES)}; --auth alone is jwt`,
    fallback: 'off',
  },
  {
    key: 'apiPort',
    flag: '--api-port',
    placeholder: 'port',
    env: 'STUI_API_PORT',
    meaning: 'with --auth, port of the stand-in for the STUI API; 0 takes a free one',
    fallback: '8789',
  },
  {
    key: 'user',
    flag: '--user',
    placeholder: 'name',
    env: 'STUI_USER',
    meaning: `with --auth, for whom the bridge speaks, ${oneOf(USER_NAMES)}`,
    fallback: 'priya',
  },
]

/** A port of this machine. */
export const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT, {
    error: ({ input }) => `must be a port from 0 to ${MAX_PORT}, not "${input}"`,
  })
  .transform(Number)

/** Not repeated when it is wrong: it may be a token that somebody pasted. */
export const userName = z.enum(USER_NAMES, { error: `must be ${oneOf(USER_NAMES)}` })

export const AUTH_SHAPE = { auth: choice(MODES), apiPort: port, user: userName }

/** Undefined where nobody needs a token. */
export function readAuth({
  auth: mode,
  apiPort,
  user,
}: z.output<z.ZodObject<typeof AUTH_SHAPE>>): AuthConfig | undefined {
  return mode === 'off' ? undefined : { mode, apiPort, user }
}
