// A developer's day at a bridge and a Worker, both as processes, with marks in every token and in every component of
// state. Keeps what anybody was told, and which files held a mark while everything ran.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { NAMED_COMPONENTS } from '../../src/protocol/components.ts'
import { startBridgeProcess } from './bridge-process.ts'
import type { Members } from './fixtures.ts'
import { settingsOf } from './identity-stack.ts'
import { type ShownJournal, shownJournal } from './marked-journal.ts'
import { answersAtTheDoor, refusedMessages } from './marked-refusals.ts'
import { deliverBatches, workWith } from './marked-work.ts'
import { filesWithMarks, MARKED, OPAQUE, partsOfToken, STATE, TOKEN } from './markers.ts'
import { watchRaw } from './raw-watcher.ts'
import { connectReq, type ReqClient } from './req-client.ts'
import { startSelfHost } from './self-host-process.ts'
import type { TestApi } from './stui-api.ts'

/** Every component, marked, as parameters. */
const COMPONENTS_MARKED: Members = {
  state_data: MARKED,
  ...Object.fromEntries(
    NAMED_COMPONENTS.map((name) => [name, name === 'evaluation_history' ? [MARKED] : MARKED])
  ),
}

export type MarkedDay = {
  readonly data: string
  /** Everything that anybody got but the owner who asked for the own state. */
  readonly told: readonly string[]
  /** The owner's own state, as it came back. */
  readonly restored: Members
  readonly tokens: readonly string[]
  /** Files with state while everything ran, before anything was put in order. */
  readonly whileRunning: readonly string[]
  /** Files of the bridge with state or a token, while it keeps work that the Worker has not heard of. */
  readonly journal: readonly string[]
  /** That work, as the developer is shown it. */
  readonly shown: ShownJournal
}

export type MarkedDayOptions = {
  readonly api: TestApi
  /** For everything that is written. */
  readonly root: string
  readonly name: string
  /** Further settings of the Worker. */
  readonly settings: Readonly<Record<string, string>>
}

/** Lives a session behind a bridge, provokes every kind of refusal, and stops everything. */
export async function liveMarkedDay(options: MarkedDayOptions): Promise<MarkedDay> {
  const { api, root, name, settings } = options
  const data = join(root, name)
  const desk = join(data, 'desk')
  for (const folder of [data, desk]) mkdirSync(folder, { mode: 0o700 })
  const claims = { note: TOKEN }
  const owner = await api.issueToken('frida', { claims })
  const admin = await api.issueToken('enzo', { claims })
  const stranger = await api.issueToken('priya', { claims })
  const revoked = await api.issueToken('tessa', { claims })
  api.revoke(revoked)
  const tokens = [owner, admin, stranger, revoked, OPAQUE]
  const tokenFile = join(root, `${name}.token`)
  writeFileSync(tokenFile, owner, { mode: 0o600 })

  const host = await startSelfHost({
    data,
    settings: { ...settingsOf(api, 'introspection'), ...settings },
  })
  const args = ['--api-issuer', api.issuer, '--token-file', tokenFile]
  const bridge = await startBridgeProcess({ upstream: host.url, folder: desk, args })
  const client = connectReq(bridge.endpoint)
  const told: string[] = []

  using ofClient = await watchRaw(host.url, { client_id: 'desk' }, owner)
  using ofTeam = await watchRaw(host.url, { scope: 'team' }, admin)
  const { session_id, restored } = await ownersDay(client, told)
  await deliverBatches(host.url, { owner, session_id }, told)
  for (const message of refusedMessages(session_id)) {
    told.push((await client.send(message)).toString())
  }
  told.push(...(await answersAtTheDoor(host.url, { session_id, owner, stranger, revoked })))
  for (const command of ['get_audit_log', 'get_events']) {
    const log = await client.send(JSON.stringify({ id: 'log', command, client_id: 'desk' }))
    expect(JSON.parse(log.toString())).toMatchObject({ status: 'success' })
    told.push(log.toString())
  }
  await ofTeam.until(1, 'session.moved')
  told.push(...(await ofClient.settled()), ...(await ofTeam.settled()))

  // The bridge has met refusals and what was delivered past it: it is ready for work offline when it has looked again.
  await bridge.told(/replica_complete/)
  await client.ask({ id: 'again', command: 'restore_session', session_id })
  const whileRunning = filesWithMarks(data, [STATE])
  expect(await host.stop()).toBe(0)
  const update = { command: 'update_session_state', auth_token: OPAQUE }
  const parameters = { session_id, ...COMPONENTS_MARKED, auth_token: OPAQUE }
  told.push(await journalled(client, { ...update, parameters }))
  const created = { ...COMPONENTS_MARKED, client_id: 'desk', auth_token: OPAQUE }
  told.push(await journalled(client, { command: 'create_session', ...created }))
  const journal = filesWithMarks(desk, [STATE, TOKEN, ...tokens.flatMap(partsOfToken)])
  const shown = await shownJournal(desk, join(root, `${name}.export`))
  client.close()
  expect(await bridge.stop()).toBe(0)
  told.push(...bridge.output().split('\n'), ...host.output().split('\n'))
  return { data, told, restored, tokens, whileRunning, journal, shown }
}

/** Work that only the bridge has; its answer without the state that it gives back. */
async function journalled(client: ReqClient, message: Members): Promise<string> {
  const { result, ...rest } = await client.ask({ id: crypto.randomUUID(), ...message })
  expect(rest, JSON.stringify(rest)).toMatchObject({
    ...{ status: 'success', meta: { persistence: 'journaled' } },
  })
  return JSON.stringify(rest)
}

/** What an owner does in a day. Answers that hold the own state are checked and not kept. */
async function ownersDay(client: ReqClient, told: string[]) {
  const send = async (message: Members) => {
    const reply = await client.ask({ id: crypto.randomUUID(), ...message })
    expect(reply).toMatchObject({ status: 'success' })
    return reply.result ?? {}
  }
  const keep = async (message: Members) => told.push(JSON.stringify(await send(message)))
  const created = await send({ command: 'create_session', client_id: 'desk', ...COMPONENTS_MARKED })
  const session_id = String(created.session_id)
  const update = { command: 'update_session_state', session_id }
  await send({ ...update, ...COMPONENTS_MARKED, state_data: { again: STATE } })
  await send({ ...update, mode: 'merge', state_data: { merged: STATE } })
  await send({ ...update, idempotency_key: 'a-key', workspace_context: { keyed: STATE } })
  const conflict = { if_revision: 1, on_conflict: 'copy', state_data: { lost: STATE } }
  await send({ ...update, ...conflict })
  await keep({ command: 'get_session_info', session_id })
  await keep({ command: 'list_client_sessions', client_id: 'desk', include: 'all' })
  await keep({ command: 'list_session_revisions', session_id })
  await keep({ command: 'get_session_statistics' })
  await workWith({ send, keep }, session_id)
  await send({ command: 'revert_session', session_id, revision: 1 })
  await keep({ command: 'close_session', session_id, reason: 'the day is over' })
  const restored = await send({ command: 'restore_session', session_id, revive: true })
  return { session_id, restored }
}
