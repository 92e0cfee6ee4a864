// The stage of the isolation matrix: sessions of an owner with everything that can be asked about, asking for them as
// anybody, by a message and in a batch, and answers made comparable: byte for byte, but ids and times.

import { expect } from 'vitest'
import { findCommand } from '../../src/protocol/registry.ts'
import type { Members } from '../support/fixtures.ts'
import type { IdentityAnswer, IdentityStack } from '../support/identity-stack.ts'
import { CLIENT, type Column, IMAGE, type Line, OWNERS_KEY, SESSION } from './isolation-cells.ts'
import { JOURNAL, MATRIX, STATE, TEAM_WIDE } from './isolation-matrix.ts'

/** What a message is about. */
export type Ids = {
  readonly client_id: string
  readonly session_id: string
  readonly image_id: string
}

/** A message that names what it is about by placeholders, and how it is sent. */
type Way = { readonly message: Members; readonly isBatch: boolean }

/** Every line of both tables, under the name that a test tells. */
export const LINES: readonly (readonly [string, Line, string])[] = [
  ...Object.entries(MATRIX).map(([name, line]) => [name, line, name] as const),
  ...Object.entries(TEAM_WIDE).map(
    ([name, line]) => [`${name} of a whole team`, line, name] as const
  ),
]

/** Every way to send a command; the owner does not send its own key with another message. */
export function waysOf(line: Line, command: string, column: Column): Way[] {
  const messages = line.ways
    .filter((way) => column !== 'owner' || way.idempotency_key === undefined)
    .map(({ idempotency_key, ...parameters }) => ({ command, parameters, idempotency_key }))
  return [
    ...messages.map((message) => ({ message, isBatch: false })),
    ...messages.slice(0, 1).map((message) => ({ message, isBatch: true })),
  ]
}

/** A report is on its way when the change is answered. */
const MOST_LOOKS = 1000

export type Stage = ReturnType<typeof createStage>

export function createStage(stack: IdentityStack, owner: string) {
  let clients = 0
  let deliveries = 0

  async function run(command: string, parameters: Members, more: Members = {}): Promise<Members> {
    const { reply } = await stack.ask({ command, parameters, ...more }, owner)
    expect(reply).toMatchObject({ status: 'success' })
    return reply.result as Members
  }

  /** A session of the owner with two revisions; what a team is told of it, only where a command needs that. */
  async function owned(command: string): Promise<Ids> {
    clients += 1
    const number = String(clients).padStart(5, '0')
    const ids = { client_id: `desk-${number}`, image_id: `image-${number}` }
    const { session_id } = await run('create_session', ids)
    const state = { session_id, state_data: { note: STATE } }
    await run('update_session_state', state, { idempotency_key: OWNERS_KEY })
    if (findCommand(command)?.scope === 'team') {
      await run('report_image_status', { image_id: ids.image_id, status: 'Connected' })
    }
    if (isTold(command)) await inTeam(ids)
    return { ...ids, session_id: String(session_id) }
  }

  /** The directory knows whose client it is, and of a bridge that holds work for it. */
  async function inTeam({ client_id, image_id }: Omit<Ids, 'session_id'>) {
    const clients = [{ ...JOURNAL, client_id }]
    await run('report_bridge_status', { bridge_id: client_id, version: '0.1.0', clients })
    const admin = await stack.api.issueToken('enzo')
    const list = { command: 'list_image_sessions', image_id, scope: 'team' }
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const { text } = await stack.ask(list, admin)
      if (text.includes(`"client_id":"${client_id}"`)) return
    }
    throw new Error('the directory of the team is not told of the session')
  }

  function ask({ message, isBatch }: Way, ids: Ids, token?: string): Promise<IdentityAnswer> {
    const text = filled(JSON.stringify(message), ids)
    if (!isBatch) return stack.post('/v1/messages', text, token)
    deliveries += 1
    return stack.post('/v1/batches', `[{"delivery_id":"d-${deliveries}","message":${text}}]`, token)
  }

  /** Everything that the owner can see of it, but for the time that passes. */
  async function seenByOwner(command: string, { client_id, session_id, image_id }: Ids) {
    const ofSession = [
      await run('get_session_info', { session_id, state: true }),
      await run('list_client_sessions', { client_id, include: 'all' }),
      await run('list_session_revisions', { session_id }),
    ]
    // How an image is, and whether a bridge is silent, changes by itself; when it was heard of does not.
    const ofTeam = []
    if (isTold(command)) {
      const { last_seen, epoch } = await run('get_image_connection_status', { image_id })
      ofTeam.push({ last_seen, epoch }, await run('get_bridge_status', {}))
    }
    const seen = [...ofSession, ...ofTeam].map((result) =>
      JSON.stringify(result).replaceAll(/"(time_until_expiry|silent)":\w+/g, '')
    )
    return seen
  }

  return { owned, ask, seenByOwner }
}

/** True for what somebody else than the client's object answers, or asks first. */
function isTold(command: string): boolean {
  return findCommand(command)?.scope !== 'client' && findCommand(command)?.scope !== 'service'
}

/** Ids that nobody was ever given, of the same length. */
export function nobodys({ client_id, session_id, image_id }: Ids): Ids {
  return {
    client_id: client_id.replace('desk', 'none'),
    session_id: altered(session_id),
    image_id: image_id.replace('image', 'never'),
  }
}

/** The id with the last character of its signature changed. */
export function altered(session_id: string): string {
  return session_id.slice(0, -1) + (session_id.endsWith('A') ? 'B' : 'A')
}

/** Headers that differ between any two answers; that they are there is compared. */
const PASSING: readonly string[] = ['date', 'server-timing', 'x-request-id']

/** A whole answer without what differs between any two: ids and times. */
export function told(answer: Pick<IdentityAnswer, 'status' | 'headers' | 'text'>, ids: Ids) {
  const headers = [...answer.headers].map(
    ([name, value]) => `${name}: ${PASSING.includes(name) ? '' : value}`
  )
  return [`HTTP ${answer.status}`, ...headers, masked(answer, ids)].join('\n')
}

/** The reply as the table has it. */
export function replyIn(answer: IdentityAnswer, ids: Ids): unknown {
  const reply: unknown = JSON.parse(masked(answer, ids))
  return Array.isArray(reply) ? reply[0] : reply
}

function masked({ text, headers }: Pick<IdentityAnswer, 'headers' | 'text'>, ids: Ids): string {
  return text
    .replaceAll(headers.get('x-request-id') ?? '', '<request>')
    .replaceAll(ids.client_id, CLIENT)
    .replaceAll(ids.session_id, SESSION)
    .replaceAll(ids.image_id, IMAGE)
    .replaceAll(/session_\d+_\d{10}_\w{48}/g, '<new session>')
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"')
    .replaceAll(/"(time_until_expiry|uptime)":[\d.]+/g, '"$1":0')
    .replaceAll(/"(key|route)":"[\w-]+"/g, '"$1":"<of the client>"')
}

function filled(text: string, { client_id, session_id, image_id }: Ids): string {
  return text
    .replaceAll(CLIENT, client_id)
    .replaceAll(SESSION, session_id)
    .replaceAll(IMAGE, image_id)
}
