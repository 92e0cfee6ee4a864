// A small STUI API that really speaks HTTP, for tests and for a local stack: users on several tiers, real keys, real tokens.
// It shows what the session service asks of the real one. Never for production: its passwords are known to everybody.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../../src/clock.ts'
import { createFaults, type Faults, reply } from './stui-api-faults.ts'
import { createSigningKeys, type SigningKeys } from './stui-api-keys.ts'
import { CREDENTIALS, createRoutes, type Routes } from './stui-api-routes.ts'
import { AUDIENCE, createTokens, type Tokens } from './stui-api-tokens.ts'

export type StuiApiOptions = {
  readonly clock?: Clock
  /** 0 or absent takes a free port. */
  readonly port?: number
}

export type StuiApi = Pick<Faults, 'become' | 'release'> & {
  /** Its address, which is the `iss` of its tokens. */
  readonly issuer: string
  readonly audience: string
  readonly introspectionUrl: string
  readonly jwksUrl: string
  readonly credentials: typeof CREDENTIALS
  readonly keys: SigningKeys
  readonly issueToken: Tokens['issue']
  readonly revoke: Tokens['revoke']
  readonly rotate: SigningKeys['rotate']
  /** Requests that came for the path so far. */
  requests(path: string): number
  /** Resolves when so many requests have come for the path in all. */
  arrived(path: string, count: number): Promise<void>
  stop(): Promise<void>
}

/** Starts it on 127.0.0.1. */
export async function startStuiApi(options: StuiApiOptions = {}): Promise<StuiApi> {
  const { clock = systemClock, port = 0 } = options
  const keys = await createSigningKeys()
  const faults = createFaults()
  const counter = createCounter()
  const { promise: routes, resolve: begin } = Promise.withResolvers<Routes>()
  const server = createServer(async (request, response) => {
    counter.count(pathOf(request))
    // A client that gave up has no form, and nobody listens to the answer.
    const form = await formOf(request).catch(() => new URLSearchParams())
    faults.answer(response, () => void serve(routes, request, form, response))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const tokens = createTokens(issuer, keys, clock)
  begin(createRoutes(issuer, keys, tokens))
  return {
    issuer,
    audience: AUDIENCE,
    introspectionUrl: `${issuer}/introspect`,
    jwksUrl: `${issuer}/jwks`,
    credentials: CREDENTIALS,
    keys,
    issueToken: tokens.issue,
    revoke: tokens.revoke,
    rotate: keys.rotate,
    become: faults.become,
    release: faults.release,
    requests: counter.requests,
    arrived: counter.arrived,
    stop: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      server.closeAllConnections()
      await promise
    },
  }
}

async function serve(
  routes: Promise<Routes>,
  request: IncomingMessage,
  form: URLSearchParams,
  response: ServerResponse
) {
  const { method = '', headers } = request
  const asked = { method, path: pathOf(request), authorization: headers.authorization ?? '', form }
  const { status, json } = await (await routes)(asked)
  reply(response, status, JSON.stringify(json))
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return new URL(url, 'http://localhost').pathname
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

function createCounter() {
  const counts = new Map<string, number>()
  const watchers = new Set<() => void>()
  const requests = (path: string) => counts.get(path) ?? 0

  function count(path: string) {
    counts.set(path, requests(path) + 1)
    for (const watcher of watchers) watcher()
  }

  function arrived(path: string, wanted: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (requests(path) < wanted) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
    })
  }

  return { requests, count, arrived }
}
