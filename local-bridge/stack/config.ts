// How the local stack is called: flags, their twins in the environment, and what is passed on to the Worker.

import { resolve } from 'node:path'
import * as z from 'zod'
import {
  type Called,
  choice,
  oneOf,
  type Program,
  type Reading,
  readCommandLine,
} from '../command-line.ts'
import { readListenAddress } from '../listen-address.ts'
import { LOG_LEVELS, type LogSettings } from '../log.ts'

export type StackConfig = {
  /** Where clients connect. */
  readonly listen: string
  /** The Worker's port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  /** Absolute path of the data folder. */
  readonly data: string
  readonly logLevel: LogSettings['level']
  /** Settings of the Worker (`STUI_…`). */
  readonly settings: Readonly<Record<string, string>>
}

export const DEFAULT_LISTEN = 'tcp://127.0.0.1:5555'

const MAX_PORT = 65_535

const PROGRAM: Program = {
  name: 'stack',
  description:
    'Runs STUI Sessions on this machine: the Worker on real workerd and SQLite, and the bridge.',
  settings: [
    {
      key: 'listen',
      flag: '--listen',
      placeholder: 'endpoint',
      env: 'STUI_LISTEN',
      meaning: 'where clients connect; loopback only, port * takes a free one',
      fallback: DEFAULT_LISTEN,
    },
    {
      key: 'port',
      flag: '--port',
      placeholder: 'port',
      env: 'STUI_PORT',
      meaning: 'HTTP port of the Worker on 127.0.0.1; 0 takes a free one',
      fallback: '8787',
    },
    {
      key: 'data',
      flag: '--data',
      placeholder: 'folder',
      env: 'STUI_DATA',
      meaning: 'where everything is kept',
      fallback: './.stui',
    },
    {
      key: 'logLevel',
      flag: '--log-level',
      placeholder: 'level',
      env: 'STUI_LOG_LEVEL',
      meaning: `what the bridge tells on the terminal: ${oneOf(LOG_LEVELS)}`,
      fallback: 'warn',
    },
  ],
  notes: `Limits of the service are taken from the environment: STUI_COMMANDS_PER_MINUTE and others,
see local-bridge/stack/README.md.

Example:
  npm start -- --listen tcp://127.0.0.1:6555 --port 8788 --data ./other-data
`,
}

/** Settings of the stack and the bridge, and those that the stack decides itself: none of them is the Worker's. */
const NOT_THE_WORKERS: ReadonlySet<string> = new Set([
  'STUI_AUTH',
  'STUI_CURVE_KEYS',
  'STUI_DATA',
  'STUI_LISTEN',
  'STUI_LOG_FORMAT',
  'STUI_LOG_LEVEL',
  'STUI_PORT',
  'STUI_SESSION_SECRETS',
  'STUI_TOKEN',
  'STUI_TOKEN_FILE',
  'STUI_UPSTREAM',
])

const schema = z.object({
  listen: z.string().superRefine((text, context) => {
    const address = readListenAddress(text)
    if (!address.ok) context.addIssue(address.failure)
  }),
  port: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT, {
      error: ({ input }) => `must be a port from 0 to ${MAX_PORT}, not "${input}"`,
    })
    .transform(Number),
  data: z.string().min(1, 'must name a folder'),
  logLevel: choice(LOG_LEVELS),
})

/** Reads how `npm start` was called. */
export function readStackConfig(called: Called): Reading<StackConfig> {
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { data, ...rest } = reading.values
  return {
    kind: 'run',
    values: { ...rest, data: resolve(data), settings: workerSettings(called.env) },
  }
}

/** An empty variable counts as absent. */
function workerSettings(env: Called['env']): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const isWorkers = name.startsWith('STUI_') && !NOT_THE_WORKERS.has(name)
    if (isWorkers && value !== undefined && value !== '') settings[name] = value
  }
  return settings
}
