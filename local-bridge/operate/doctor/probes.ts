// The questions that the doctor puts to a service: over TCP, TLS and HTTP, each limited in time.

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { request } from 'undici'
import { parseJson } from '../../../src/protocol/json-text.ts'
import { systemTimer } from '../../timer.ts'

/** Each hop may take so long. */
const LIMIT_MS = 3000

export type HttpAnswer = {
  readonly status?: number
  readonly json?: unknown
  readonly took: string
  /** What came, in a word. */
  readonly told: string
}

/** Asks by HTTP; with a body it is a POST. */
export async function asked(url: URL, body?: string): Promise<HttpAnswer> {
  const began = systemTimer.ticks()
  try {
    const { statusCode: status, body: answer } = await request(url, {
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(body !== undefined && {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      }),
    })
    const text = await answer.text()
    return { status, json: parseJson(text), took: since(began), told: `HTTP ${status}` }
  } catch (error) {
    return { took: since(began), told: codeOf(error) }
  }
}

/** Why the socket could not be opened; undefined if it could. */
export function opened(socket: Socket | TLSSocket, event: 'connect' | 'secureConnect') {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  socket.once(event, () => resolve(undefined))
  socket.once('error', (error) => resolve(codeOf(error)))
  socket.setTimeout(LIMIT_MS, () => resolve('no answer'))
  return promise.finally(() => socket.destroy())
}

export function placeOf({ protocol, hostname, port }: URL) {
  const standard = protocol === 'https:' ? 443 : 80
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? standard : Number(port),
  }
}

export function since(began: number): string {
  return `${Math.round((systemTimer.ticks() - began) * 10) / 10} ms`
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no code'
  return 'code' in error ? String(error.code) : error.name
}
