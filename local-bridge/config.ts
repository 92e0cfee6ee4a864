// Flags, environment and defaults of the bridge. Pure: arguments and environment come in, what to do comes out.

import * as z from 'zod'
import {
  ACCESS_SETTINGS,
  ACCESS_SHAPE,
  type AccessSettings,
  isSafeUrl,
  NONE,
  readAccess,
  tokenOnCommandLine,
} from './access-settings.ts'
import {
  type Called,
  choice,
  oneOf,
  type Program,
  type Reading,
  readCommandLine,
} from './command-line.ts'
import { CURVE_SETTING } from './keys-config.ts'
import { readListenAddress } from './listen-address.ts'
import { LOG_FORMATS, LOG_LEVELS, type LogSettings } from './log.ts'

export type Config = {
  /** Where clients connect. */
  readonly listen: string
  /** The session service. */
  readonly upstream: string
  readonly log: LogSettings
  /** The developer's token and who vouches for it; absent where authentication is off. */
  readonly access?: AccessSettings
  /** The folder of CURVE keys. */
  readonly curveKeys?: string
}

/** What `--log-format` is where nobody says: people read a terminal, programs read the rest. */
const AUTOMATIC = 'pretty on a terminal, json elsewhere'

const PROGRAM: Program = {
  name: 'stui-bridge',
  description: 'Connects STUI clients (ZeroMQ) with the session service (HTTP).',
  settings: [
    {
      key: 'listen',
      flag: '--listen',
      placeholder: 'endpoint',
      env: 'STUI_LISTEN',
      meaning: 'where clients connect; loopback only without --curve-keys, port * takes a free one',
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
    ...ACCESS_SETTINGS,
    CURVE_SETTING,
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
  notes: `A token in STUI_TOKEN counts where no file is named; a token is never taken from the command line.

Commands: run (this one, need not be named), whoami, keys; whoami --help and keys --help tell more.

Example:
  node local-bridge/main.ts --listen tcp://127.0.0.1:6555 --upstream http://127.0.0.1:8787
`,
}

const schema = z
  .object({
    listen: z.string(),
    upstream: z.string().refine(isServiceUrl, {
      // Not repeated: it may hold a password.
      error: 'must be an http or https address without user, query or fragment',
    }),
    ...ACCESS_SHAPE,
    curveKeys: z.string().transform((folder) => (folder === NONE ? undefined : folder)),
    logLevel: choice(LOG_LEVELS),
    logFormat: z.preprocess(
      (format) => (format === AUTOMATIC ? undefined : format),
      choice(LOG_FORMATS).optional()
    ),
  })
  .superRefine(({ listen, curveKeys, apiIssuer, upstream }, context) => {
    const address = readListenAddress(listen, { encrypted: curveKeys !== undefined })
    if (!address.ok) {
      const couldBe = readListenAddress(listen, { encrypted: true }).ok
      const message = couldBe ? `${address.failure}; --curve-keys encrypts them` : address.failure
      context.addIssue({ code: 'custom', path: ['listen'], message })
    }
    if (apiIssuer !== undefined && !isSafeUrl(upstream)) {
      const message = 'must be an https address (or http on this machine), as it gets the token'
      context.addIssue({ code: 'custom', path: ['upstream'], message })
    }
  })

/** Reads how the program was called; `isTerminal` says whether people read the log. */
export function readConfig(called: Called & { readonly isTerminal: boolean }): Reading<Config> {
  const onCommandLine = tokenOnCommandLine(called)
  if (onCommandLine !== undefined) return refuse(onCommandLine)
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { listen, upstream, logLevel, logFormat, curveKeys, ...values } = reading.values
  const access = readAccess(values, called)
  if (access !== undefined && 'missing' in access) return refuse(access.missing)
  const log = { level: logLevel, format: logFormat ?? (called.isTerminal ? 'pretty' : 'json') }
  return {
    kind: 'run',
    values: {
      ...{ listen, upstream, log },
      ...(access !== undefined && { access }),
      ...(curveKeys !== undefined && { curveKeys }),
    },
  }
}

function isServiceUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return [url.username, url.password, url.search, url.hash].every((part) => part === '')
}

function refuse(sentence: string): { kind: 'refuse'; sentence: string } {
  return { kind: 'refuse', sentence: `${PROGRAM.name}: ${sentence}.` }
}
