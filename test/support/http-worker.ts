// A real HTTP server in the place of the Worker, which answers, hangs, breaks or talks nonsense as a test tells it to.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { succeed } from '../../src/outcome.ts'
import { toJsonText } from '../../src/protocol/json-text.ts'
import { readMessage } from '../../src/protocol/message.ts'
import { successReply } from '../../src/protocol/reply.ts'
import { createChanges } from './changes.ts'
import { freePort } from './free-port.ts'

export type Recorded = {
  readonly body: Buffer
  readonly headers: IncomingHttpHeaders
  readonly path: string
}

/** What the server does with a request; `nth` counts from 1. */
export type Behaviour = (request: Recorded, response: ServerResponse, nth: number) => void

export type HttpWorker = {
  readonly url: string
  readonly requests: readonly Recorded[]
  behave(behaviour: Behaviour): void
  /** Resolves when so many requests have arrived in all. */
  arrived(count: number): Promise<void>
  /** Breaks every connection and refuses new ones. */
  stop(): Promise<void>
  /** Listens again where it listened before. */
  start(): Promise<void>
}

/** Answers every command with success; the result repeats the message's parameters. */
export const answer: Behaviour = ({ body }, response) => {
  respond(response, 200, echoOf(body))
}

/** Takes the request and never answers. */
export const hang: Behaviour = () => {}

/** Breaks the connection instead of answering. */
export const reset: Behaviour = (_, response) => {
  response.socket?.destroy()
}

/** Answers with exactly this. */
export function answerWith(status: number, text: string | Buffer): Behaviour {
  return (_, response) => respond(response, status, text)
}

/** Takes requests and answers each of them when `release` is called. */
export function hold(): { readonly behaviour: Behaviour; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    behaviour: (request, response, nth) => {
      void promise.then(() => answer(request, response, nth))
    },
    release: resolve,
  }
}

/** Starts on a free port of 127.0.0.1, answering. */
export async function startHttpWorker(): Promise<HttpWorker> {
  const requests: Recorded[] = []
  const changes = createChanges()
  let behaviour: Behaviour = answer
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { headers, url: path = '' } = request
    const recorded = { body: Buffer.concat(chunks), headers, path }
    const nth = requests.push(recorded)
    changes.happened()
    behaviour(recorded, response, nth)
  })

  async function listen(port: number) {
    const { promise, resolve } = Promise.withResolvers<void>()
    server.listen(port, '127.0.0.1', resolve)
    await promise
    return (server.address() as AddressInfo).port
  }

  async function arrived(count: number): Promise<void> {
    await changes.until(() => requests.length >= count)
  }

  async function stop() {
    if (!server.listening) return
    const { promise, resolve } = Promise.withResolvers<void>()
    server.close(() => resolve())
    server.closeAllConnections()
    await promise
  }

  const port = await listen(await freePort())
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    behave: (next) => {
      behaviour = next
    },
    arrived,
    stop,
    start: async () => {
      await listen(port)
    },
  }
}

function echoOf(body: Buffer): string {
  const { id, message } = readMessage(body.toString())
  const { value } = message.ok ? message : succeed({ parameters: {} })
  const result = toJsonText({ echo: value.parameters })
  return successReply({ id, result, timestamp: '2026-11-21T10:00:00.000Z' })
}

function respond(response: ServerResponse, status: number, text: string | Buffer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
}
