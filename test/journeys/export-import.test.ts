// A session leaves one desk as a file and arrives at another: over HTTP, and through a bridge from a real REQ socket.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_MESSAGE_BYTES, MAX_SESSION_BYTES } from '../../src/protocol/limits.ts'
import { type Desk, startDesk } from '../support/desk.ts'
import type { Members } from '../support/fixtures.ts'

type Send = (message: string) => Promise<string>

/** What no parser that goes through objects gives back. */
const TEXT = '{ "n":9007199254740993, "m":-0,"\\u0061":"\\ud83d\\ude00", "a":1.50,"a":2 }'

/** In no log, whatever happens. */
const MARKER = 'the-developers-own-words'

let desk: Desk

const overHttp: Send = async (message) => {
  const response = await fetch(`${desk.url}/v1/messages`, { method: 'POST', body: message })
  return response.text()
}

const overBridge: Send = async (message) => (await desk.client.send(message)).toString()

beforeAll(async () => {
  desk = await startDesk()
})

afterAll(async () => {
  await desk.stop()
  const { events, logged } = desk
  expect(logged.some((line) => line.includes('import_session'))).toBe(true)
  expect(JSON.stringify([events, logged])).not.toContain(MARKER)
})

/** Sends a command whose parameters are spelled as given; it must succeed. */
async function done(send: Send, command: string, parameters: string) {
  const text = await send(
    `{"id":"${crypto.randomUUID()}","command":"${command}","parameters":${parameters}}`
  )
  const reply = JSON.parse(text) as Members
  expect(reply).toMatchObject({ status: 'success' })
  return { text, result: reply.result as Members }
}

describe.each([
  ['over HTTP', overHttp],
  ['through a bridge', overBridge],
] as const)('%s', (how, send) => {
  const client_id = how.replaceAll(' ', '-')

  it.each(['json', 'ston'])('a session is moved to another client as a %s file', async (format) => {
    const created = await done(
      send,
      'create_session',
      `{"client_id":"${client_id}","state_data":${TEXT},"user_preferences":{"note":"${MARKER}"}}`
    )
    const { session_id } = created.result
    const { result } = await done(send, 'export_session', JSON.stringify({ session_id, format }))
    const { content, sha256, file_name } = result
    expect(file_name).toMatch(new RegExp(`^session_${client_id}_\\d{8}T\\d{6}Z\\.${format}$`))
    expect(sha256).toBe(createHash('sha256').update(String(content)).digest('hex'))

    const moved = { client_id: `${client_id}-2`, content, sha256 }
    const imported = await done(send, 'import_session', JSON.stringify(moved))
    expect(imported.result).toMatchObject({
      client_id: `${client_id}-2`,
      imported_from: { session_id, format },
      components: ['session_state', 'user_preferences'],
    })
    const again = JSON.stringify({ session_id: imported.result.session_id })
    const restored = await done(send, 'restore_session', again)
    expect(restored.text).toContain(`"session_state":${TEXT},`)
  })

  it('a file that was damaged on its way is refused, and makes no session', async () => {
    const client = `${client_id}-3`
    const asked = { client_id: client, content: '{"kind":"stui-session","format_version":1,' }
    const reply = await send(JSON.stringify({ command: 'import_session', parameters: asked }))
    expect(JSON.parse(reply)).toMatchObject({
      error_code: 'invalid_parameter',
      error: 'Invalid content parameter: line 1, column 43: it ends too early.',
    })
    const listed = JSON.stringify({ client_id: client, include: 'all' })
    const { result } = await done(send, 'list_client_sessions', listed)
    expect(result.session_count).toBe(0)
  })

  it('the largest session fits into one message, even where every character is escaped', async () => {
    const largest = `["${'\\"'.repeat((MAX_SESSION_BYTES - 4) / 2)}"]`
    const client = `${client_id}-4`
    const created = await done(
      send,
      'create_session',
      `{"client_id":"${client}","state_data":${largest}}`
    )
    const { session_id } = created.result
    for (const format of ['json', 'ston']) {
      const asked = JSON.stringify({ session_id, format })
      const { content } = (await done(send, 'export_session', asked)).result
      const message = JSON.stringify({ client_id: client, content })
      expect(message.length).toBeGreaterThan(2 * MAX_SESSION_BYTES)
      expect(message.length).toBeLessThan(MAX_MESSAGE_BYTES - 1024)
      const imported = await done(send, 'import_session', message)
      const again = JSON.stringify({ session_id: imported.result.session_id })
      expect((await done(send, 'restore_session', again)).text).toContain(largest)
    }
    const { content } = (await done(send, 'export_session', JSON.stringify({ session_id }))).result
    const message = `{"client_id":"${client}","document":${content}}`
    expect(message.length).toBeLessThan(MAX_SESSION_BYTES + 2048)
    await done(send, 'import_session', message)
  })
})
