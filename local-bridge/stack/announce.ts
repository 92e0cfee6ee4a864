// What `npm start` tells the person who started it.

import { VERSION } from '../../src/version.ts'
import { tokensText } from './announce-tokens.ts'
import type { AuthConfig } from './auth-config.ts'
import { DEFAULT_LISTEN } from './config.ts'
import type { Use } from './earlier-use.ts'
import { shown } from './shown-path.ts'

export type Ready = {
  readonly endpoint: string
  /** Where live events are published; absent if they are not. */
  readonly events?: string
  readonly url: string
  /** Absolute paths. */
  readonly data: string
  readonly log: string
  /** Where the STUI API is, and how the stack uses it; absent where nobody needs a token. */
  readonly auth?: Pick<AuthConfig, 'mode' | 'user'> & { readonly issuer: string }
  readonly unreachable?: Use
}

export const WORDS = {
  slow: 'Still starting: this machine takes its time with the Worker.',
  restarted:
    'The Worker ended unexpectedly and was started again; nothing that was acknowledged is lost.',
  failed:
    'The Worker ended unexpectedly and could not be started again; see worker.log in the data folder.',
  failing: 'The Worker ended unexpectedly again and again; see worker.log in the data folder.',
  stopping: 'Stopping: what is being answered is finished first.',
  stopped: 'Stopped.',
} as const

/** Where to connect, and something to try. */
export function readyText(ready: Ready): string {
  const { endpoint, events, url, data, log, auth, unreachable } = ready
  return `STUI Sessions ${VERSION} is ready.

  ZeroMQ  ${endpoint}
  HTTP    ${url}
  Panel   ${url}/
${events === undefined ? '' : `  Events  ${events}\n`}  Data    ${shown(data)}
  Log     ${shown(log)}
${auth === undefined ? '' : authText(auth)}${unreachableText(unreachable)}${
  auth === undefined ? lineToTry(endpoint) : tokensText({ data, url })
}
Ctrl-C stops it.
`
}

function authText({ issuer, mode, user }: Required<Ready>['auth']): string {
  return `  Tokens  ${issuer}, a stand-in for the STUI API (${mode})
  Bridge  speaks for ${user}
`
}

function lineToTry(endpoint: string): string {
  const connect = endpoint === DEFAULT_LISTEN ? '' : `--connect ${endpoint} `
  return `
Try it from this folder in another terminal:
  npx node local-bridge/stack/send.ts ${connect}'{"id":"1","command":"ping"}'
`
}

function unreachableText(use: Use | undefined): string {
  switch (use) {
    case undefined:
      return ''
    case 'without tokens':
      return `
The data folder was last used without tokens. What was stored then belongs to the team "local" and stays there:
start without --auth to reach it.
`
    case 'with tokens':
      return `
The data folder was last used with --auth. What was stored then belongs to the teams of the tokens and stays there:
start with --auth to reach it.
`
    default:
      return use satisfies never
  }
}

/** What a lost log is told with. */
export function logLostText(log: string, error: unknown): string {
  return `${log} cannot be written${codeOf(error)}: lines of the Worker's log are lost, serving goes on.`
}

/** What a token that cannot be renewed is told with. */
export function tokenLostText(error: unknown): string {
  return `bridge.token cannot be written${codeOf(error)}: the bridge is refused when its token ends, see the data folder.`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${error.code})` : ''
}
