// Talks to the Worker from tests inside workerd, as an HTTP client does.

import { env, exports } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import * as z from 'zod'
import { systemClock } from '../../src/clock.ts'
import type { Env } from '../../src/env.ts'
import { type AppParts, createApp } from '../../src/http/app.ts'

const replySchema = z.looseObject({
  id: z.union([z.string(), z.number(), z.null()]),
  status: z.enum(['success', 'error']),
  timestamp: z.string(),
  client_id: z.string().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.string().optional(),
  error_type: z.string().optional(),
  error_code: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  recovery: z
    .array(
      z.object({
        label: z.string(),
        command: z.string(),
        parameters: z.record(z.string(), z.unknown()),
      })
    )
    .optional(),
  meta: z
    .looseObject({
      request_id: z.string(),
      replayed: z.boolean().optional(),
      persistence: z.string().optional(),
      warnings: z.array(z.string()).optional(),
    })
    .optional(),
})

export type WorkerReply = z.infer<typeof replySchema>

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly reply: WorkerReply
}

let lines: string[] = []

beforeEach(() => {
  lines = []
  vi.spyOn(console, 'log').mockImplementation((line: unknown) => {
    lines.push(String(line))
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** What the Worker has logged in this test, as it came. */
export function logLines(): readonly string[] {
  return lines
}

/** The events of one name that the Worker has logged in this test. */
export function logged(name: string): Record<string, unknown>[] {
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === name)
}

/** Anything that answers HTTP requests. */
export type Door = { fetch(request: Request): Response | Promise<Response> }

/** The Worker of wrangler.toml. */
export const WORKER: Door = { fetch: (request) => exports.default.fetch(request) }

/** The same Worker with other settings or parts; its objects keep theirs. `undefined` takes a setting away. */
export function workerWith(
  settings: Readonly<Record<string, unknown>>,
  parts: Partial<AppParts> = {}
): Door {
  const given = Object.fromEntries(
    Object.entries({ STUI_AUTH: 'off', ...env, ...settings }).filter(
      ([, value]) => value !== undefined
    )
  )
  const app = createApp({
    clock: systemClock,
    newId: () => crypto.randomUUID(),
    fetch: (url, init) => fetch(url, init),
    ...parts,
  })
  return { fetch: (request) => app.fetch(request, given as unknown as Env) }
}

/** Sends a body to /v1/messages. */
export async function post(
  body: BodyInit | null,
  headers: Readonly<Record<string, string>> = {},
  door: Door = WORKER
): Promise<Answer> {
  const request = new Request('http://localhost/v1/messages', { method: 'POST', body, headers })
  return answerOf(await door.fetch(request))
}

/** Reads a response whose body is an envelope. */
export async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  return { status, headers, text, reply: replySchema.parse(JSON.parse(text)) }
}

/** Sends a message. */
export function ask(
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
  door: Door = WORKER
): Promise<Answer> {
  return post(JSON.stringify(message), headers, door)
}

/** Sends a command in dialect A and gives the result of its success. */
export async function run(
  command: string,
  parameters: Readonly<Record<string, unknown>>
): Promise<Record<string, unknown>> {
  const { reply } = await ask({ command, parameters })
  expect(reply).toMatchObject({ status: 'success' })
  return reply.result ?? {}
}

let clients = 0

/** A client id that no other test of this file uses. */
export function newClient(): string {
  clients += 1
  return `client_${clients}`
}

/** Creates a session and gives its id. */
export async function newSession(
  parameters: Readonly<Record<string, unknown>> = {}
): Promise<string> {
  const { session_id } = await run('create_session', { client_id: newClient(), ...parameters })
  return String(session_id)
}
