import { describe, expect, it } from 'vitest'
import type { BridgeStatus } from '../../../local-bridge/operate/bridge-status.ts'
import { isWell, statusText } from '../../../local-bridge/operate/status-text.ts'

const NOW = Date.parse('2026-11-21T10:00:00.000Z')

const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

const WELL: BridgeStatus = {
  version: '0.1.0',
  pid: 4711,
  started_at: ago(10_900),
  endpoint: 'tcp://127.0.0.1:5555',
  clients: 3,
  uplink: {
    ...{ url: 'http://127.0.0.1:8787', state: 'up', since: ago(10_900), detail: null },
    latency_ms: 2.4,
  },
  token: { state: 'good', expires_at: ago(-850) },
  images: [
    {
      ...{ name: 'main', address: '127.0.0.1:5560', status: 'Connected', health: 'Healthy' },
      ...{ round_trip_ms: 0.6, queue: 0, working_ms: null },
    },
  ],
  journal: {
    ...{ records: 0, refused: 0, bytes: 0, oldest_at: null },
    ...{ max_records: 100_000, max_bytes: 64 * 1024 * 1024 },
  },
  journal_trouble: null,
  replay: null,
  last_sync: ago(2),
  events: { endpoint: 'tcp://127.0.0.1:5556', subscribers: 2 },
}

/** What stands behind the name. */
function lineOf(status: BridgeStatus, name: string): string {
  const line = statusText(status, NOW)
    .split('\n')
    .find((text) => text.startsWith(name))
  return line?.slice(9) ?? ''
}

describe('the status in words', () => {
  it('is read at a glance', () => {
    expect(statusText(WELL, NOW)).toBe(
      `Bridge   0.1.0 at tcp://127.0.0.1:5555, up for 3 hours, process 4711
Service  up for 3 hours, http://127.0.0.1:8787 answers in 2.4 ms
Token    good, ends in 14 minutes
Image    main at 127.0.0.1:5560: connected, Healthy, 0.6 ms
Journal  empty
In sync  as of 2 seconds ago
Clients  3 connections
Events   tcp://127.0.0.1:5556, 2 subscribers
`
    )
    expect(isWell(WELL)).toBe(true)
  })

  it('says why the service is down, and that something is broken', () => {
    const uplink = { ...WELL.uplink, state: 'down', since: ago(61), detail: 'no route' } as const
    expect(lineOf({ ...WELL, uplink }, 'Service')).toBe(
      'DOWN for 1 minute, http://127.0.0.1:8787: no route'
    )
    expect(isWell({ ...WELL, uplink })).toBe(false)
  })

  it('says what a token that is not good needs', () => {
    const token = { state: 'not_good', expires_at: null } as const
    expect(lineOf({ ...WELL, token }, 'Token')).toBe('NOT GOOD: stui-bridge whoami tells why')
    expect(isWell({ ...WELL, token })).toBe(false)
  })

  it('says of each image whether it is there and what it has to do', () => {
    const [main] = WELL.images
    if (main === undefined) throw new Error('there is no image')
    const busy = { ...main, health: 'Warning', queue: 2, working_ms: 61_000 } as const
    const gone = { ...main, name: 'lab', status: 'Disconnected', health: 'Critical' } as const
    const status = { ...WELL, images: [busy, gone] }
    expect(statusText(status, NOW)).toContain(
      `Image    main at 127.0.0.1:5560: connected, Warning, 0.6 ms, busy for 1 minute, 2 waiting
         lab at 127.0.0.1:5560: DISCONNECTED
`
    )
    expect(isWell(status)).toBe(false)
    expect(isWell({ ...WELL, images: [busy] })).toBe(true)
  })

  it('says what waits, what was refused, and how far the delivery is', () => {
    const journal = {
      ...{ records: 1200, refused: 1, bytes: 3 * 1024 * 1024, oldest_at: ago(120) },
      ...{ max_records: 100_000, max_bytes: 64 * 1024 * 1024 },
    }
    const replay = { done: 300, total: 1500, per_second: 48.5, rest_s: 25 }
    const status = { ...WELL, journal, replay }
    expect(statusText(status, NOW)).toContain(
      `Journal  1,200 changes waiting, the first for 2 minutes; 3 MiB of 100,000 changes and 64 MiB
         1 change REFUSED by the service, kept here: stui-bridge journal shows them, journal retry sends them again
Replay   300 of 1500 delivered (20 %), 48.5 a second, the rest takes 25 seconds
`
    )
    expect(isWell(status)).toBe(true)
    const young = { done: 3, total: 4, per_second: null, rest_s: null }
    expect(lineOf({ ...status, replay: young }, 'Replay')).toBe('3 of 4 delivered (75 %)')
  })

  it('says what is not there', () => {
    const status = { ...WELL, images: [], journal: null, events: null, last_sync: null }
    for (const [name, text] of [
      ['Image', 'none'],
      ['Journal', 'nothing is kept on this machine'],
      ['Events', 'none'],
      ['In sync', 'not yet'],
    ] as const) {
      expect(lineOf(status, name)).toBe(text)
    }
  })
})
