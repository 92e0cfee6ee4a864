// The status of a bridge in lines that a person reads at a glance. Pure: the time comes in.

import type { BridgeStatus } from './bridge-status.ts'
import { aligned, counted, duration, size } from './words.ts'

type Row = readonly [string, string]

export function statusText(status: BridgeStatus, now: number): string {
  const ago = (time: string) => duration(now - Date.parse(time))
  const { version, endpoint, pid, started_at, clients, events, last_sync } = status
  return aligned([
    ['Bridge', `${version} at ${endpoint}, up for ${ago(started_at)}, process ${pid}`],
    ['Service', uplinkText(status, ago)],
    ['Token', tokenText(status, now)],
    ...imageRows(status),
    ...journalRows(status, ago),
    ...replayRows(status),
    ['In sync', last_sync === null ? 'not yet' : `as of ${ago(last_sync)} ago`],
    ['Clients', counted(clients, 'connection')],
    [
      'Events',
      events === null ? 'none' : `${events.endpoint}, ${counted(events.subscribers, 'subscriber')}`,
    ],
  ])
}

/** True if nothing of it is broken. */
export function isWell({ uplink, token, images, journal_trouble }: BridgeStatus): boolean {
  if (journal_trouble !== null) return false
  if (uplink.state === 'down' || token.state === 'not_good') return false
  return images.every(({ status }) => status === 'Connected')
}

function uplinkText({ uplink }: BridgeStatus, ago: (time: string) => string): string {
  const { state, url, since, detail, latency_ms } = uplink
  switch (state) {
    case 'up':
      return `up for ${ago(since)}, ${url} answers in ${latency_ms ?? '?'} ms`
    case 'down':
      return `DOWN for ${ago(since)}, ${url}: ${detail ?? 'no answer'}`
    case 'unknown':
      return `${url} was not asked yet`
    default:
      return state satisfies never
  }
}

function tokenText({ token }: BridgeStatus, now: number): string {
  const { state, expires_at } = token
  switch (state) {
    case 'none':
      return 'none: the bridge names nobody'
    case 'good':
      return expires_at === null
        ? 'good'
        : `good, ends in ${duration(Date.parse(expires_at) - now)}`
    case 'not_good':
      return 'NOT GOOD: stui-bridge whoami tells why'
    default:
      return state satisfies never
  }
}

function imageRows({ images }: BridgeStatus): Row[] {
  if (images.length === 0) return [['Image', 'none']]
  return images.map(({ name, address, status, health, round_trip_ms, queue, working_ms }) => {
    const state = status === 'Connected' ? `connected, ${health}` : 'DISCONNECTED'
    const facts = [
      ...(status === 'Connected' && round_trip_ms !== null ? [`${round_trip_ms} ms`] : []),
      ...(working_ms !== null ? [`busy for ${duration(working_ms)}`] : []),
      ...(queue > 0 ? [`${queue} waiting`] : []),
    ]
    return ['Image', [`${name} at ${address}: ${state}`, ...facts].join(', ')]
  })
}

function journalRows(status: BridgeStatus, ago: (time: string) => string): Row[] {
  const { journal, journal_trouble } = status
  const trouble: Row[] =
    journal_trouble === null ? [] : [['Journal', `NOT WELL: ${journal_trouble}`]]
  if (journal === null) {
    return trouble.length > 0 ? trouble : [['Journal', 'nothing is kept on this machine']]
  }
  const { records, refused, bytes, max_records, max_bytes, oldest_at } = journal
  const since = oldest_at === null ? '' : `, the first for ${ago(oldest_at)}`
  const room = `of ${counted(max_records, 'change')} and ${size(max_bytes)}`
  const waiting =
    records === 0
      ? 'empty'
      : `${counted(records, 'change')} waiting${since}; ${size(bytes)} ${room}`
  const kept: Row = [
    'Journal',
    `${counted(refused, 'change')} REFUSED by the service, kept here: stui-bridge journal shows them, journal retry sends them again`,
  ]
  return [['Journal', waiting], ...(refused > 0 ? [kept] : []), ...trouble]
}

function replayRows({ replay }: BridgeStatus): Row[] {
  if (replay === null) return []
  const { done, total, per_second, rest_s } = replay
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100)
  const pace = per_second === null ? '' : `, ${per_second} a second`
  const rest = rest_s === null ? '' : `, the rest takes ${duration(rest_s * 1000)}`
  return [['Replay', `${done} of ${total} delivered (${percent} %)${pace}${rest}`]]
}
