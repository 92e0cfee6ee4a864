// What a developer's image saves comes back to the letter: over HTTP to the built Worker, and over a real REQ socket
// through the bridge, with save_context and load_context as with update_session_state and restore_session, and by way of
// a file in JSON or in STON.

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../src/protocol/components.ts'
import { type JsonText, outline } from '../../src/protocol/json-text.ts'
import { MAX_SESSION_BYTES } from '../../src/protocol/limits.ts'
import { type Context, contexts, largest } from '../support/contexts.ts'
import { type Desk, startDesk } from '../support/desk.ts'

/** Gives the text of the reply to the text of a message. */
type Door = (message: string) => Promise<string>

const RUNS = 30

/** Fewer, because the same texts pass through the same door above. */
const FILES = 10

const FORMATS = ['json', 'ston'] as const

let desk: Desk

beforeAll(async () => {
  desk = await startDesk()
})

afterAll(() => desk.stop())

const DOORS: readonly (readonly [string, Door])[] = [
  [
    'the Worker over HTTP',
    async (body) => (await fetch(`${desk.url}/v1/messages`, { method: 'POST', body })).text(),
  ],
  ['the bridge over a REQ socket', async (message) => (await desk.client.send(message)).toString()],
]

describe.each(DOORS)('%s', (_, door) => {
  it('gives back every context that it was given, equal in text', () =>
    fc.assert(
      fc.asyncProperty(contexts, (context) => savedAndUpdated(door, context)),
      { seed: 20261121, numRuns: RUNS }
    ))

  it('gives back ten thousand objects that refer to each other in a circle, and the deepest inspector', async () => {
    const context = largest()
    const bytes = Object.values(context).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    expect(bytes).toBeGreaterThan(MAX_SESSION_BYTES * 0.8)
    await savedAndUpdated(door, context)
  })

  it.each(FORMATS)('gives back every context that left it as a %s file, equal in text', (format) =>
    fc.assert(
      fc.asyncProperty(contexts, (context) => exportedAndImported(door, context, format)),
      { seed: 20261121, numRuns: FILES }
    )
  )

  it.each(FORMATS)(
    'gives back ten thousand objects in a circle, and the deepest inspector, from a %s file',
    (format) => exportedAndImported(door, largest(), format)
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

/** Saves in one session, and loads from the one that its file became at another client. */
async function exportedAndImported(
  door: Door,
  context: Context,
  format: (typeof FORMATS)[number]
): Promise<void> {
  const saved = await created(door)
  await sent(door, 'save_context', `"session_id":${saved},"components":${named(context)}`)
  const file = await sent(door, 'export_session', `"session_id":${saved},"format":"${format}"`)
  clients += 1
  const content = `"client_id":"desk-${clients}","content":${file.get('content')}`
  const imported = await sent(door, 'import_session', content)
  const session_id = `"session_id":${imported.get('session_id')}`
  expectSame(await sent(door, 'load_context', session_id), context)
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
