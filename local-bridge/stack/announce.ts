// What `npm start` tells the person who started it.

import { isAbsolute, relative } from 'node:path'
import { VERSION } from '../../src/version.ts'
import { DEFAULT_LISTEN } from './config.ts'

export type Ready = {
  readonly endpoint: string
  readonly url: string
  /** Absolute paths. */
  readonly data: string
  readonly log: string
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

/** Where to connect, and one line to try. */
export function readyText({ endpoint, url, data, log }: Ready): string {
  const connect = endpoint === DEFAULT_LISTEN ? '' : `--connect ${endpoint} `
  return `STUI Sessions ${VERSION} is ready.

  ZeroMQ  ${endpoint}
  HTTP    ${url}
  Data    ${shown(data)}
  Log     ${shown(log)}

Try it from this folder in another terminal:
  npx node local-bridge/stack/send.ts ${connect}'{"id":"1","command":"ping"}'

Ctrl-C stops it.
`
}

/** What a lost log is told with. */
export function logLostText(log: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
  return `${log} cannot be written${code}: lines of the Worker's log are lost, serving goes on.`
}

function shown(path: string): string {
  const below = relative(process.cwd(), path)
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : `./${below}`
}
