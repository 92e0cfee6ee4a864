// What is heard of the streams that a scope takes, from a service that does what a test tells it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listen } from '../../../local-bridge/sessions/listen.ts'
import type { Scope } from '../../../local-bridge/sessions/scope.ts'
import { type Changes, createChanges } from '../../support/changes.ts'
import { type EventServer, startEventServer } from '../../support/event-server.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { createManualTimer, type ManualTimer } from '../../support/manual-timer.ts'

let server: EventServer
let timer: ManualTimer
let stop: () => void
let told: string[]
let changes: Changes

beforeEach(async () => {
  server = await startEventServer()
  timer = createManualTimer()
  told = []
  changes = createChanges()
})
afterEach(async () => {
  stop()
  await server[Symbol.asyncDispose]()
})

function begin(scope: Scope) {
  const note = (what: string) => {
    told.push(what)
    changes.happened()
  }
  stop = listen({
    ...{ url: server.url, identity: undefined, clock: fixedClock(), timer, scope },
    // Asked once for each further attempt.
    chance: () => {
      note('again')
      return 0
    },
    onOpen: () => note('open'),
    onText: (text) => note(JSON.parse(text).type + JSON.parse(text).sequence),
    onAway: (isAway) => note(isAway ? 'away' : 'back'),
    onSilent: () => note('silent'),
  })
}

/** Resolves when so much was told. */
function hears(count: number): Promise<readonly string[]> {
  return changes.until(() => told.length >= count && told)
}

/** The sockets that were opened, that of the team last. */
async function sockets(count: number) {
  const opened = await Promise.all(Array.from({ length: count }, (_, n) => server.nth(n + 1)))
  return opened.toSorted((a, b) => (b.client_id ?? '').localeCompare(a.client_id ?? ''))
}

const text = (type: string, sequence: number) => JSON.stringify({ type, sequence })

describe('the streams of a scope', () => {
  it('are one for each client and that of the team, of which only images are taken, with gaps', async () => {
    begin({ kind: 'clients', ids: ['ann', 'bob'] })
    const [bob, ann, team] = await sockets(3)
    expect([bob?.client_id, ann?.client_id, team?.client_id]).toEqual(['bob', 'ann', null])
    ann?.open(0)
    bob?.open(0)
    team?.open(7)
    expect(await hears(1)).toEqual(['open'])
    team?.text(text('session.updated', 8))
    team?.text(text('image.changed', 20))
    team?.text(text('image.changed', 31))
    await hears(3)
    ann?.text(text('session.updated', 1))
    expect(await hears(4)).toEqual([
      'open',
      'image.changed20',
      'image.changed31',
      'session.updated1',
    ])
    expect(server.sockets).toHaveLength(3)
  })

  it('are that of the team alone for a team, with its sessions', async () => {
    begin({ kind: 'team' })
    const [team] = await sockets(1)
    team?.open(0)
    team?.text(text('session.created', 1))
    expect(await hears(2)).toEqual(['open', 'session.created1'])
    expect(server.sockets).toHaveLength(1)
  })

  it('are away when one is for longer than a moment, and back when it goes on', async () => {
    begin({ kind: 'team' })
    const first = await server.nth(1)
    first.open(4)
    await hears(1)
    first.destroy()
    await hears(2)
    timer.advance(1499)
    expect(told).toEqual(['open', 'again'])
    timer.advance(1)
    const second = await server.nth(2)
    second.open(4)
    expect(await hears(4)).toEqual(['open', 'again', 'away', 'back'])
  })

  it('are open although the service tells nothing of images', async () => {
    begin({ kind: 'clients', ids: ['ann'] })
    const [ann, team] = await sockets(2)
    ann?.open(0)
    team?.close(4100)
    expect(await hears(1)).toEqual(['open'])
  })

  it('are silent when the service will not tell them', async () => {
    server.answer(403)
    begin({ kind: 'team' })
    expect(await hears(1)).toEqual(['silent'])
  })
})
