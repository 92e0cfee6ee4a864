// How the self-hosted Worker is called: where its data is, its port, and the settings that the environment gives it.

import { resolve } from 'node:path'
import * as z from 'zod'
import { type Called, type Program, type Reading, readCommandLine } from '../command-line.ts'

export type SelfHostConfig = {
  /** Absolute path of the data folder. */
  readonly data: string
  /** The port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  /** Settings of the Worker, by name. */
  readonly settings: Readonly<Record<string, string>>
}

/** What the Worker reads; a test compares it with src/env.ts. Nothing else of the environment reaches it. */
export const WORKER_SETTINGS = [
  'STUI_AUTH',
  'STUI_API_ISSUER',
  'STUI_API_AUDIENCE',
  'STUI_API_JWKS_URL',
  'STUI_API_INTROSPECTION_URL',
  'STUI_API_CLIENT_ID',
  'STUI_API_CLIENT_SECRET',
  'STUI_SESSION_SECRETS',
  'STUI_ENCRYPTION_KEYS',
  'STUI_MAX_SESSIONS_PER_CLIENT',
  'STUI_DEFAULT_TIMEOUT_S',
  'STUI_RETENTION_DAYS',
  'STUI_SESSION_BYTES',
  'STUI_CLIENT_BYTES',
  'STUI_CREATIONS_PER_MINUTE',
  'STUI_CREATION_BURST',
  'STUI_COMMANDS_PER_MINUTE',
  'STUI_COMMAND_BURST',
  'STUI_ALLOWED_CLIENTS',
  'STUI_DENIED_CLIENTS',
  'STUI_PANEL_CLIENT_ID',
] as const

const MAX_PORT = 65_535

const PROGRAM: Program = {
  name: 'self-host',
  description: 'Serves the Worker on this machine on plain workerd, without an emulation.',
  settings: [
    {
      key: 'data',
      flag: '--data',
      placeholder: 'folder',
      env: 'STUI_DATA',
      meaning: 'where everything is kept',
      fallback: './.stui',
    },
    {
      key: 'port',
      flag: '--port',
      placeholder: 'port',
      env: 'STUI_PORT',
      meaning: 'HTTP port on 127.0.0.1; 0 takes a free one',
      fallback: '8787',
    },
  ],
  notes: `The settings of the service are taken from the environment; STUI_AUTH has to be chosen. DEPLOYING.md lists them.

Example:
  STUI_AUTH=jwt STUI_API_ISSUER=https://api.stui.example STUI_API_AUDIENCE=stui-sessions \\
    npm run self-host -- --data /var/lib/stui-sessions
`,
}

const schema = z.object({
  data: z.string().min(1, 'must name a folder'),
  port: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT, {
      error: ({ input }) => `must be a port from 0 to ${MAX_PORT}, not "${input}"`,
    })
    .transform(Number),
})

/** Reads how `npm run self-host` was called. An empty variable counts as absent. */
export function readSelfHostConfig(called: Called): Reading<SelfHostConfig> {
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { data, port } = reading.values
  const given = WORKER_SETTINGS.map((name) => [name, called.env[name] ?? ''] as const)
  const settings = Object.fromEntries(given.filter(([, value]) => value !== ''))
  return { kind: 'run', values: { data: resolve(data), port, settings } }
}
