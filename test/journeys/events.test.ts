// Live events end to end: two bridges of one developer and an admin who watches the team hear each change once and in order,
// whatever dies in between.

import { rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTokenSource } from '../../local-bridge/token-source.ts'
import { startCuttableLink } from '../support/cuttable-link.ts'
import { settingsOf } from '../support/identity-stack.ts'
import { type LiveBridge, type LiveStack, startLiveStack } from '../support/live-stack.ts'
import { temporaryFolder } from '../support/stack-process.ts'
import { startTestApi, type TestApi } from '../support/stui-api.ts'
import { isChange, isOpened, type Published, subscribe } from '../support/subscriber.ts'
import { type TeamEvent, watchTeam } from '../support/team-watcher.ts'

const folder = temporaryFolder()

let api: TestApi
let stack: LiveStack

beforeAll(async () => {
  api = await startTestApi()
  stack = await startLiveStack({
    settings: { ...settingsOf(api, 'jwt'), STUI_DENIED_CLIENTS: 'mallory' },
    token: await api.issueToken('priya'),
  })
})

afterAll(async () => {
  await stack[Symbol.asyncDispose]()
  await api.stop()
  rmSync(folder, { recursive: true })
})

/** A bridge of priya, with the file that its token is in. */
async function bridge(
  name: string,
  lifetimeS = 900
): Promise<LiveBridge & { renew(): Promise<void> }> {
  const path = join(folder, name)
  const renew = async (seconds = 900) => {
    const exp = Math.floor(Date.now() / 1000) + seconds
    const token = await api.issueToken('priya', { claims: { exp } })
    writeFileSync(path, token, { mode: 0o600 })
  }
  await renew(lifetimeS)
  const { issuer, audience } = api
  const token = createTokenSource({ from: 'file', path })
  return { ...(await stack.bridge({ access: { issuer, audience, token } })), renew }
}

const told = ({ type, data: { revision } }: Published | TeamEvent) => `${type} ${revision}`

/** Each change of the session, in order. */
const changes = (count: number) => [
  'session.created 1',
  ...Array.from({ length: count }, (_, index) => `session.updated ${index + 2}`),
]

describe('live events', () => {
  it('are heard once and in order by two bridges and a team watcher, across every reconnection', async () => {
    const desk = await bridge('desk')
    const laptop = await bridge('laptop')
    const watcherLink = await startCuttableLink(stack.url)
    using team = watchTeam(watcherLink.url, await api.issueToken('enzo'))
    using first = subscribe(desk.bridge.events, 'clients/ann/')
    using second = subscribe(laptop.bridge.events, 'clients/ann/')
    await Promise.all([team.connect(), first.until(1, isOpened), second.until(1, isOpened)])

    const session_id = await stack.session('ann')
    let n = 0
    const update = async (count: number) => {
      for (let more = 0; more < count; more += 1) {
        n += 1
        await stack.update(session_id, n)
      }
    }
    await update(5)

    // The Worker dies and comes back.
    await stack.killWorker()
    await Promise.all([
      desk.log.nth('stream_resumed', 1),
      laptop.log.nth('stream_resumed', 1),
      team.lost(),
    ])
    await update(5)
    expect(await team.connect()).toEqual({ missed: false })

    // One bridge is cut off, then the other, then the watcher.
    await laptop.link.cut()
    await laptop.log.nth('stream_lost', 2)
    await update(5)
    await laptop.link.mend()
    await laptop.log.nth('stream_resumed', 2)
    await desk.link.cut()
    await desk.log.nth('stream_lost', 2)
    await watcherLink.cut()
    await team.lost()
    await update(5)
    await watcherLink.mend()
    expect(await team.connect()).toEqual({ missed: false })
    await desk.link.mend()
    await desk.log.nth('stream_resumed', 2)
    await update(5)

    const expected = changes(25)
    await Promise.all([
      first.until(expected.length, isChange),
      second.until(expected.length, isChange),
      team.until(expected.length),
    ])
    expect(first.heard.filter(isChange).map(told)).toEqual(expected)
    expect(second.heard.filter(isChange).map(told)).toEqual(expected)
    expect(team.heard.map(told)).toEqual(expected)
    const counted = expected.map((_, index) => index + 1)
    expect(first.sequences()).toEqual(counted)
    expect(second.sequences()).toEqual(counted)
    const [begin = 0] = team.heard.map(({ sequence }) => sequence)
    expect(team.heard.map(({ sequence }) => sequence)).toEqual(
      counted.map((sequence) => begin + sequence - 1)
    )
    await watcherLink.cut()
  })

  it('go on with the new token of the file when the old one ends', async () => {
    const desk = await bridge('renewed', 8)
    using tui = subscribe(desk.bridge.events, 'clients/bea/')
    await tui.until(1, isOpened)
    await desk.renew()
    const session_id = await stack.session('bea')
    // Eight seconds of real time, so that even a slow machine has begun: what ends is the socket at the Worker.
    await desk.log.nth('token_accepted', 2)
    await stack.update(session_id, 1)
    await stack.update(session_id, 2)
    await tui.until(3, isChange)
    expect(tui.heard.filter(isChange).map(told)).toEqual(changes(2))
    expect(desk.log.of('stream_stopped')).toEqual([])
  })

  it('end, and the log and the subscriber are told, where the service says that they are not for us', async () => {
    const desk = await bridge('denied')
    using tui = subscribe(desk.bridge.events, 'clients/mallory/')
    expect(await desk.log.nth('stream_stopped', 1)).toEqual({
      event: 'stream_stopped',
      detail: 'the service answered 403',
    })
    await tui.until(1)
    expect(tui.types()).toEqual(['stream.stopped'])
  })

  it('of somebody else are silent, as those of a client that does not exist', async () => {
    const desk = await bridge('curious')
    const olgas = await api.issueToken('olga')
    using tui = subscribe(desk.bridge.events, ['clients/olgas/', 'clients/cyd/'])
    await tui.until(2, isOpened)
    await post(olgas, { command: 'create_session', client_id: 'olgas' })
    await stack.session('cyd')
    await tui.until(1, isChange)
    expect(tui.heard.filter(isChange).map(({ source }) => source)).toEqual(['/clients/cyd'])
  })

  it('of a team open for its members, too, and for nobody without a token', async () => {
    const statusWith = (headers: Readonly<Record<string, string>>) =>
      new Promise<number | undefined>((resolve) => {
        const asked = request(`${stack.url}/v1/events?scope=team`, {
          headers: {
            ...{ ...headers, connection: 'upgrade', upgrade: 'websocket' },
            ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
          },
        })
        asked.on('response', ({ statusCode }) => resolve(statusCode))
        asked.on('upgrade', ({ statusCode }, socket) => {
          socket.destroy()
          resolve(statusCode)
        })
        asked.end()
      })
    const authorization = `Bearer ${await api.issueToken('priya')}`
    expect(await statusWith({ authorization })).toBe(101)
    expect(await statusWith({})).toBe(401)
  })
})

async function post(token: string, message: object): Promise<void> {
  await fetch(`${stack.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(message),
  })
}
