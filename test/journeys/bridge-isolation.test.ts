// Who is told what waits in whose journal, against a real Worker and a real STUI API: the developer, admins of the whole
// team, and nobody else, asked or listening.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import type { Members } from '../support/fixtures.ts'
import { type IdentityStack, startIdentityStack } from '../support/identity-stack.ts'
import { watchTeam } from '../support/team-watcher.ts'

let stack: IdentityStack

beforeAll(async () => {
  stack = await startIdentityStack('jwt')
})

afterAll(() => stack.stop())

const report = (clients: readonly Members[], bridge_id = 'laptop') => ({
  command: 'report_bridge_status',
  parameters: { bridge_id, version: '0.1.0', clients },
})

const journal = (client_id: string, records: number) => ({
  ...{ client_id, records, refused: 0, bytes: records },
})

async function asked(message: Members, user: UserName, claims: Members = {}): Promise<Members> {
  const { reply } = await stack.ask(message, await stack.api.issueToken(user, { claims }))
  return reply
}

/** Reports, and must be taken. */
async function reported(clients: readonly Members[], user: UserName, bridge_id?: string) {
  expect(await asked(report(clients, bridge_id), user)).toMatchObject({ status: 'success' })
}

/** The clients whose journals somebody is told, with what waits there. */
async function told(user: UserName, claims: Members = {}) {
  const { result } = await asked({ command: 'get_bridge_status' }, user, claims)
  const { bridges } = result as { bridges: { is_own: boolean; clients: Members[] }[] }
  return bridges.map(({ is_own, clients }) => [
    is_own,
    ...clients.map(({ client_id, records }) => `${client_id} ${records}`),
  ])
}

describe('what waits in the journal of a developer', () => {
  it('is told to that developer and to an admin of the whole team, and to nobody else', async () => {
    await reported([journal('desk-1', 12)], 'frida')
    expect(await told('frida')).toEqual([[true, 'desk-1 12']])
    expect(await told('enzo')).toEqual([[false, 'desk-1 12']])
    for (const user of ['priya', 'kiosk', 'olga'] as const) expect(await told(user)).toEqual([])
    expect(await told('olga', { sub: 'user-frida' })).toEqual([])
    expect(await told('frida', { client_ids: ['till'] })).toEqual([])
    expect(await told('enzo', { client_ids: ['desk-*'] })).toEqual([])
  })

  it('cannot be written by anybody else', async () => {
    await reported([journal('desk-1', 12)], 'frida')
    await asked({ command: 'create_session', client_id: 'desk-1' }, 'frida')
    // The directory knows whose client it is as soon as the client's object has reported.
    const isKnown = async () => {
      const list = { command: 'list_image_sessions', scope: 'team' }
      return JSON.stringify(await asked(list, 'enzo')).includes('"desk-1"')
    }
    await expect.poll(isKnown).toBe(true)
    await reported([journal('desk-1', 0)], 'priya')
    expect(await told('priya')).toEqual([])
    expect(await told('enzo')).toEqual([[false, 'desk-1 12']])
    const refused = await asked(report([journal('desk-1', 0)]), 'kiosk')
    expect(refused).toMatchObject({ status: 'error', error_code: 'client_not_allowed' })
  })

  it('needs a token, to be reported and to be told', async () => {
    for (const message of [report([journal('desk-1', 1)]), { command: 'get_bridge_status' }]) {
      const { status, reply } = await stack.ask(message)
      expect([status, reply.error_code]).toEqual([401, 'unauthenticated'])
    }
  })

  it('is heard of by those who may know, and the stream of others tells of what comes after it', async () => {
    const token = (user: UserName) => stack.api.issueToken(user)
    using frida = watchTeam(stack.url, await token('frida'))
    using enzo = watchTeam(stack.url, await token('enzo'))
    using priya = watchTeam(stack.url, await token('priya'))
    for (const watcher of [frida, enzo, priya]) await watcher.connect()
    await reported([journal('desk-9', 1)], 'frida', 'heard')
    await reported([journal('desk-8', 1)], 'priya', 'own')
    const expected = { type: 'bridge.changed', source: '/teams/atelier' }
    const [heard] = await frida.until(1)
    expect(heard).toMatchObject({ ...expected, data: { bridge_id: 'heard' } })
    const all = await enzo.until(2)
    expect(all.map(({ data }) => data)).toEqual([{ bridge_id: 'heard' }, { bridge_id: 'own' }])
    expect((await priya.until(1)).map(({ data }) => data)).toEqual([{ bridge_id: 'own' }])
    expect(frida.heard).toHaveLength(1)
  })
})
