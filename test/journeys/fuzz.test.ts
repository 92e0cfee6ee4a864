// Whatever arrives is answered once: random and malformed frames at the bridge, bodies at the Worker.

import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Dealer } from 'zeromq'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { type LocalWorker, startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { type RunningBridge, startBridge } from '../../local-bridge/start-bridge.ts'
import { CATALOGUE } from '../../src/protocol/catalogue.ts'
import { fuzzCorpus } from '../support/fuzz-corpus.ts'

const COUNT = 10_000
const SEED = 20261121
/** What is refused is looked at here, not how often. */
const NO_LIMITS = { STUI_COMMANDS_PER_MINUTE: '1000000', STUI_COMMAND_BURST: '1000000' }
/** Messages under way at once; far below what the bridge refuses. */
const WINDOW = 64
/** Growth of resident memory that counts as flat, measured after the first fifth of the messages. */
const FLAT_BYTES = 64 * 1024 * 1024

/** What a corpus that reaches every layer provokes at least. */
const COMMON_OUTCOMES = [
  'success',
  'parse_error',
  'invalid_request',
  'unknown_command',
  'unsupported_version',
  'missing_parameter',
  'invalid_parameter',
  'invalid_client_id',
  'session_not_found',
]

let worker: LocalWorker
let bridge: RunningBridge

beforeAll(async () => {
  worker = await startLocalWorker({
    script: await buildWorker(),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    settings: NO_LIMITS,
  })
  bridge = await startBridge({ listen: 'tcp://127.0.0.1:*', upstream: worker.url, log: () => {} })
})

afterAll(async () => {
  await bridge.stop()
  await worker.stop()
})

describe('ten thousand random or malformed messages', () => {
  it('get ten thousand replies from the bridge, each a success or of the catalogue', async () => {
    const frames = fuzzCorpus(COUNT, SEED).map(framesOf)
    const socket = new Dealer({ linger: 0, receiveTimeout: 5000, sendHighWaterMark: 0 })
    socket.connect(bridge.endpoint)
    const answered = tally()
    const memory = watchMemory()
    let sent = 0
    while (answered.count < COUNT) {
      while (sent < COUNT && sent - answered.count < WINDOW) await socket.send(frames[sent++] ?? [])
      const reply = await socket.receive()
      answered.add(reply.at(-1)?.toString() ?? '')
      memory.at(answered.count)
    }
    expect(answered.strange).toEqual([])
    expect(answered.count).toBe(COUNT)
    expect([...answered.outcomes]).toEqual(expect.arrayContaining(COMMON_OUTCOMES))
    expect(memory.grown()).toBeLessThan(FLAT_BYTES)
    await socket.send(['', '{"id":"after","command":"ping"}'])
    expect((await socket.receive()).at(-1)?.toString()).toContain('"status":"ready"')
    socket.close()
  }, 120_000)

  it('get ten thousand answers from the Worker, each a success or of the catalogue', async () => {
    const bodies = fuzzCorpus(COUNT, SEED + 1)
    const agent = new Agent({ connections: WINDOW })
    const answered = tally()
    const post = async (body: Uint8Array | string) => {
      const response = await request(`${worker.url}/v1/messages`, {
        method: 'POST',
        body,
        dispatcher: agent,
      })
      return response.body.text()
    }
    const sender = async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        answered.add(await post(body))
      }
    }
    await Promise.all(Array.from({ length: WINDOW }, sender))
    expect(answered.strange).toEqual([])
    expect(answered.count).toBe(COUNT)
    expect([...answered.outcomes]).toEqual(expect.arrayContaining(COMMON_OUTCOMES))
    expect(await post('{"id":"after","command":"ping"}')).toContain('"status":"ready"')
    await agent.close()
  }, 120_000)
})

/** Mostly what a REQ client sends; sometimes no delimiter, several bodies, or none. */
function framesOf(body: Uint8Array, index: number): (Uint8Array | string)[] {
  if (index % 31 === 0) return ['', body, body]
  if (index % 37 === 0) return ['']
  if (index % 41 === 0) return ['\u0001\u0002\u0003\u0004', '', body]
  return ['', body]
}

/** Counts replies by outcome and keeps those that are neither a success nor of the catalogue. */
function tally() {
  const strange: string[] = []
  const outcomes = new Set<string>()
  return {
    count: 0,
    strange,
    outcomes,
    add(text: string) {
      this.count += 1
      const outcome = outcomeOf(text)
      if (outcome === undefined) strange.push(text.slice(0, 200))
      else outcomes.add(outcome)
    },
  }
}

function outcomeOf(text: string): string | undefined {
  const reply = JSON.parse(text) as Record<string, unknown>
  const payload = reply.payload as { data: Response } | undefined
  const typed = payload?.data ?? reply
  if (typeof typed.response_type === 'string') return typedOutcome(typed as Response)
  if (!('id' in reply) || typeof reply.timestamp !== 'string') return undefined
  if (reply.status === 'success') return typeof reply.result === 'object' ? 'success' : undefined
  const code = String(reply.error_code)
  const entry = CATALOGUE[code as keyof typeof CATALOGUE]
  const isKnown = reply.status === 'error' && entry?.type === reply.error_type
  return isKnown && typeof reply.error === 'string' ? code : undefined
}

type Response = { readonly response_type: string; readonly data: Record<string, unknown> }

function typedOutcome({ response_type, data }: Response): string | undefined {
  if (response_type !== 'Error') return typeof data === 'object' ? 'success' : undefined
  const { error_code, error_type } = data.details as Record<string, string>
  const entry = CATALOGUE[error_code as keyof typeof CATALOGUE]
  const isKnown = entry?.type === error_type && typeof data.message === 'string'
  return isKnown ? error_code : undefined
}

/** Resident memory of this process, which holds the bridge. */
function watchMemory() {
  let before = 0
  return {
    at: (count: number) => {
      if (count === COUNT / 5) before = process.memoryUsage.rss()
    },
    grown: () => process.memoryUsage.rss() - before,
  }
}
