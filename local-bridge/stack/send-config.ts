// How `npm run send` is called.

import * as z from 'zod'
import { isSafeUrl, NONE, tokenOnCommandLine } from '../access-settings.ts'
import { type Called, type Program, type Reading, readCommandLine } from '../command-line.ts'
import { readListenAddress } from '../listen-address.ts'
import { createTokenSource, type TokenSource } from '../token-source.ts'
import { DEFAULT_LISTEN } from './config.ts'

export type SendConfig = {
  readonly message: string
  /** The bridge's endpoint, or the Worker's address. */
  readonly connect: string
  readonly timeoutMs: number
  /** Absent where nobody gave one. */
  readonly token?: TokenSource
}

const PROGRAM: Program = {
  name: 'send',
  description:
    'Sends one message over ZeroMQ, as a TUI does, or over HTTP, as a bridge does, and shows the answer.',
  argument: { key: 'message', meaning: 'the message, a JSON object in quotes; sent as it is' },
  settings: [
    {
      key: 'connect',
      flag: '--connect',
      placeholder: 'endpoint',
      env: 'STUI_LISTEN',
      meaning: 'where the bridge listens (tcp), or the address of the Worker (http)',
      fallback: DEFAULT_LISTEN,
    },
    {
      key: 'tokenFile',
      flag: '--token-file',
      placeholder: 'file',
      env: 'STUI_TOKEN_FILE',
      meaning: 'file with a token, private to its owner',
      fallback: NONE,
    },
    {
      key: 'timeout',
      flag: '--timeout',
      placeholder: 'seconds',
      meaning: 'how long to wait for the answer',
      fallback: '5',
    },
  ],
  notes: `A token in STUI_TOKEN counts where no file is named. Over HTTP it is the Authorization of the request. Over ZeroMQ
the bridge speaks for its own developer; there only validate_feature_access gets it, as auth_token.

The exit code is 0 for an answer with status success, 1 for an error or no answer, 2 for a wrong call.

Examples:
  npm run -s send -- '{"id":"1","command":"ping"}'
  npm run -s send -- '{"id":"2","command":"create_session","parameters":{"client_id":"client_001"}}'
  npm run -s send -- --connect http://127.0.0.1:8787 --token-file ./.stui/priya.token '{"command":"ping"}'
`,
}

const schema = z.object({
  message: z.string(),
  connect: z.string().refine((text) => isOnePort(text) || isSafeUrl(text), {
    // Not repeated: it may hold a password.
    error: `must look like ${DEFAULT_LISTEN}, or http://127.0.0.1:8787 for the Worker`,
  }),
  tokenFile: z.string().transform((file) => (file === NONE ? undefined : file)),
  timeout: z
    .string()
    .transform(Number)
    .refine((seconds) => seconds > 0 && seconds <= 3600, {
      error: 'must be a number of seconds above 0',
    }),
})

/** Reads how it was called. */
export function readSendConfig(called: Called): Reading<SendConfig> {
  if (tokenOnCommandLine(called) !== undefined) {
    const sentence =
      'send: a token is never taken from the command line, where every program can read it; use --token-file or STUI_TOKEN.'
    return { kind: 'refuse', sentence }
  }
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { message, connect, tokenFile, timeout } = reading.values
  const token = tokenOf(tokenFile, called.env.STUI_TOKEN)
  return {
    kind: 'run',
    values: {
      ...{ message, connect, timeoutMs: timeout * 1000 },
      ...(token !== undefined && { token }),
    },
  }
}

function tokenOf(path: string | undefined, token: string | undefined): TokenSource | undefined {
  if (path !== undefined) return createTokenSource({ from: 'file', path })
  return token === undefined || token === ''
    ? undefined
    : createTokenSource({ from: 'environment', token })
}

function isOnePort(text: string): boolean {
  return readListenAddress(text).ok && !text.endsWith('*')
}
