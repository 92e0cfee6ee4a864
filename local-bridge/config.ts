// Flags, environment and defaults of the bridge. Pure: arguments and environment come in, what to do comes out.

import * as z from 'zod'
import {
  type Called,
  choice,
  oneOf,
  type Program,
  type Reading,
  readCommandLine,
} from './command-line.ts'
import { readListenAddress } from './listen-address.ts'
import { LOG_FORMATS, LOG_LEVELS, type LogSettings } from './log.ts'

export type Config = {
  /** Where clients connect. */
  readonly listen: string
  /** The session service. */
  readonly upstream: string
  readonly log: LogSettings
}

/** What `--log-format` is where nobody says: people read a terminal, programs read the rest. */
const AUTOMATIC = 'pretty on a terminal, json elsewhere'

const PROGRAM: Program = {
  name: 'local-bridge',
  description: 'Connects STUI clients on this machine (ZeroMQ) with the session service (HTTP).',
  settings: [
    {
      key: 'listen',
      flag: '--listen',
      placeholder: 'endpoint',
      env: 'STUI_LISTEN',
      meaning: 'where clients connect; loopback only, port * takes a free one',
      fallback: 'tcp://127.0.0.1:5555',
    },
    {
      key: 'upstream',
      flag: '--upstream',
      placeholder: 'url',
      env: 'STUI_UPSTREAM',
      meaning: 'the session service',
      fallback: 'http://127.0.0.1:8787',
    },
    {
      key: 'logLevel',
      flag: '--log-level',
      placeholder: 'level',
      env: 'STUI_LOG_LEVEL',
      meaning: oneOf(LOG_LEVELS),
      fallback: 'info',
    },
    {
      key: 'logFormat',
      flag: '--log-format',
      placeholder: 'format',
      env: 'STUI_LOG_FORMAT',
      meaning: oneOf(LOG_FORMATS),
      fallback: AUTOMATIC,
    },
  ],
  notes: `Example:
  node local-bridge/main.ts --listen tcp://127.0.0.1:6555 --upstream http://127.0.0.1:8787
`,
}

const schema = z.object({
  listen: z.string().superRefine((text, context) => {
    const address = readListenAddress(text)
    if (!address.ok) context.addIssue(address.failure)
  }),
  upstream: z.string().refine(isServiceUrl, {
    // Not repeated: it may hold a password.
    error: 'must be an http or https address without user, query or fragment',
  }),
  logLevel: choice(LOG_LEVELS),
  logFormat: z.preprocess(
    (format) => (format === AUTOMATIC ? undefined : format),
    choice(LOG_FORMATS).optional()
  ),
})

/** Reads how the program was called; `isTerminal` says whether people read the log. */
export function readConfig(called: Called & { readonly isTerminal: boolean }): Reading<Config> {
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { listen, upstream, logLevel, logFormat } = reading.values
  const automatic = called.isTerminal ? 'pretty' : 'json'
  const log = { level: logLevel, format: logFormat ?? automatic }
  return { kind: 'run', values: { listen, upstream, log } }
}

function isServiceUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return [url.username, url.password, url.search, url.hash].every((part) => part === '')
}
