// What a developer's image saves comes back to the letter: over HTTP to the built Worker, and over a real REQ socket
// through the bridge, with save_context and load_context as with update_session_state and restore_session.

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { type LocalWorker, startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { type RunningBridge, startBridge } from '../../local-bridge/start-bridge.ts'
import { COMPONENTS, type Component } from '../../src/protocol/components.ts'
import { type JsonText, outline } from '../../src/protocol/json-text.ts'
import { MAX_NESTING, MAX_SESSION_BYTES } from '../../src/protocol/limits.ts'
import { spelledContainer, spelledValue } from '../protocol/spelled-json.ts'
import { createEventLog } from '../support/event-log.ts'
import { connectReq, type ReqClient } from '../support/req-client.ts'

/** The texts of a whole state. */
type Context = Readonly<Record<Component, string>>

/** Gives the text of the reply to the text of a message. */
type Door = (message: string) => Promise<string>

const RUNS = 30

/** Far above what a test takes on a busy machine. */
const PATIENCE_MS = 60_000

let worker: LocalWorker
let bridge: RunningBridge
let client: ReqClient

beforeAll(async () => {
  const secrets = Buffer.alloc(32, 7).toString('base64url')
  worker = await startLocalWorker({ script: await buildWorker(), secrets })
  const { log } = createEventLog()
  bridge = await startBridge({ listen: 'tcp://127.0.0.1:*', upstream: worker.url, log })
  client = connectReq(bridge.endpoint)
})

afterAll(async () => {
  client.close()
  await bridge.stop()
  await worker.stop()
})

const DOORS: readonly (readonly [string, Door])[] = [
  [
    'the Worker over HTTP',
    async (body) => (await fetch(`${worker.url}/v1/messages`, { method: 'POST', body })).text(),
  ],
  ['the bridge over a REQ socket', async (message) => (await client.send(message)).toString()],
]

describe.each(DOORS)('%s', (_, door) => {
  it(
    'gives back every context that it was given, equal in text',
    () =>
      fc.assert(
        fc.asyncProperty(contexts, (context) => savedAndUpdated(door, context)),
        { seed: 20261121, numRuns: RUNS }
      ),
    PATIENCE_MS
  )

  it(
    'gives back ten thousand objects that refer to each other in a circle, and the deepest inspector',
    async () => {
      const context = largest()
      const bytes = Object.values(context).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      expect(bytes).toBeGreaterThan(MAX_SESSION_BYTES * 0.8)
      await savedAndUpdated(door, context)
    },
    PATIENCE_MS
  )
})

it('what was saved through the bridge is what is loaded from the Worker', async () => {
  const [http, zeromq] = DOORS.map(([, door]) => door) as [Door, Door]
  const context = largest()
  const session_id = await created(zeromq)
  await sent(zeromq, 'save_context', `"session_id":${session_id},"components":${named(context)}`)
  expectSame(await sent(http, 'load_context', `"session_id":${session_id}`), context)
})

/** Saves and loads in one session, updates and restores in another. */
async function savedAndUpdated(door: Door, context: Context): Promise<void> {
  const saved = await created(door)
  await sent(door, 'save_context', `"session_id":${saved},"components" : ${named(context)}`)
  expectSame(await sent(door, 'load_context', `"session_id":${saved}`), context)
  const updated = await created(door)
  const { session_state, ...others } = context
  const parameters = `"session_id":${updated},"state_data":${session_state},${named(others).slice(1, -1)}`
  await sent(door, 'update_session_state', parameters)
  expectSame(await sent(door, 'restore_session', `"session_id":${updated}`), context)
}

function named(texts: Readonly<Record<string, string>>): string {
  const members = Object.entries(texts).map(([name, text]) => `"${name}"\t: ${text}`)
  return `{${members.join(' ,\n')}}`
}

let clients = 0

/** A session of a client that nobody used before; its id as JSON text. */
async function created(door: Door): Promise<string> {
  clients += 1
  const result = await sent(door, 'create_session', `"client_id":"desk-${clients}"`)
  return result.get('session_id') ?? ''
}

/** Sends a command that must succeed, and gives the members of its result as texts. */
async function sent(door: Door, command: string, parameters: string) {
  const reply = await door(
    `{"id":"${command}","command":"${command}","parameters":{${parameters}}}`
  )
  const { members } = outline(reply as JsonText)
  expect(members.get('status'), reply.slice(0, 500)).toBe('"success"')
  return outline(members.get('result') ?? ('{}' as JsonText)).members
}

/** Compares without printing a megabyte where it differs. */
function expectSame(told: ReadonlyMap<string, string>, context: Context): void {
  const differing = COMPONENTS.filter((name) => told.get(name) !== context[name])
  expect(differing).toEqual([])
}

/** Objects that refer to each other by id, so that every one can be reached from every one. */
const registry = fc.array(fc.tuple(spelledValue, fc.nat()), { maxLength: 40 }).map((objects) => {
  const members = objects.map(([value, step], index) => {
    const next = (index + 1) % objects.length
    const far = (index + step) % objects.length
    return `"obj_${index}":{"value":${value},"refs":["obj_${next}", "obj_${far}"]}`
  })
  return `{${members.join(',')}}`
})

/** A tree of so many levels with something in its leaf. */
const inspector = fc
  .tuple(fc.integer({ min: 1, max: MAX_NESTING - 8 }), spelledValue)
  .map(([levels, leaf]) => tree(levels, leaf))

const contexts: fc.Arbitrary<Context> = fc.record({
  session_state: spelledContainer,
  workspace_context: fc
    .tuple(spelledContainer, spelledContainer)
    .map(([variables, bindings]) => `{"variables":${variables} , "bindings":${bindings}}`),
  inspector_state: inspector,
  object_registry: registry,
  user_preferences: spelledContainer,
  evaluation_history: fc
    .array(spelledValue, { maxLength: 5 })
    .map((entries) => `[ ${entries.join(' , ')}]`),
})

function tree(levels: number, leaf: string): string {
  return `${'{"children" : '.repeat(levels)}${leaf}${'}'.repeat(levels)}`
}

/** Nearly as large as a session may be, and as deep as a component may nest. */
function largest(): Context {
  const count = 10_000
  const objects = Array.from({ length: count }, (_, index) => {
    const next = `"obj_${(index + 1) % count}"`
    return `"obj_${index}":{"class":"Смалтолк😀","id":9007199254740993,"z":-0,"refs":[${next}]}`
  })
  return {
    session_state: '{"n":123456789012345678901234567890,"__proto__":{"z":-0.0E-0}}',
    workspace_context: '{"variables":{"b":1,"a":{"value":1e400},"10":2,"9":3},"bindings":[]}',
    inspector_state: tree(MAX_NESTING - 1, '[]'),
    object_registry: `{${objects.join(',')}}`,
    user_preferences: '[{"a":1,"a":2}]',
    evaluation_history: '["\\u0061\\/\\ud83d\\ude00", "\u{10ffff}\u2028"]',
  }
}
