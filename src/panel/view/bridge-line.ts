// How far the bridges of a client are behind, in one line: what waits, what was refused, who is silent. Members of the list
// that get_bridge_status gives, by client; times by the service's clock.

import type { BridgeStatus } from '../../protocol/bridge-fields.ts'
import { countText, roughText } from './units.ts'

export type { BridgeStatus }

export type BridgeLine = {
  readonly text: string
  /** `behind`: something waits and is on its way. `stuck`: nothing moves it but somebody. */
  readonly kind: 'in_step' | 'behind' | 'silent' | 'stuck'
}

/** What one bridge holds for one client. */
export type ClientBridge = Pick<BridgeStatus, 'name' | 'last_heard' | 'silent'> &
  BridgeStatus['clients'][number]

const DAY_MS = 86_400_000

/** Bridges of one client that its line tells of. */
const MOST_TOLD = 3

/** The same with what concerns clients that are shown. */
export function withClients(
  bridges: readonly BridgeStatus[],
  isShown: (client_id: string) => boolean
): readonly BridgeStatus[] {
  return bridges.map((bridge) => ({
    ...bridge,
    clients: bridge.clients.filter(({ client_id }) => isShown(client_id)),
  }))
}

/** The bridges of each client. */
export function bridgesByClient(
  bridges: readonly BridgeStatus[]
): ReadonlyMap<string, readonly ClientBridge[]> {
  const all = bridges.flatMap(({ name, last_heard, silent, clients }) =>
    clients.map((journal) => ({ ...journal, name, last_heard, silent }))
  )
  return Map.groupBy(all, ({ client_id }) => client_id)
}

/** The line of a client; undefined if none of its bridges is known. Those that need somebody stand first. */
export function bridgeLine(
  bridges: readonly ClientBridge[] | undefined,
  now: number
): BridgeLine | undefined {
  const ordered = [...(bridges ?? [])].sort((a, b) => weightOf(b) - weightOf(a))
  const [worst] = ordered
  if (worst === undefined) return undefined
  const told = ordered.filter((one) => one === worst || kindOf(one) !== 'in_step')
  const texts = told.slice(0, MOST_TOLD).map((one) => textOf(one, now))
  const rest = told.length - texts.length
  const more = rest === 0 ? [] : [`${countText(rest, 'more bridge')} behind`]
  return { text: [...texts, ...more].join('; '), kind: kindOf(worst) }
}

const WEIGHTS: { readonly [Kind in BridgeLine['kind']]: number } = {
  in_step: 0,
  behind: 1,
  silent: 2,
  stuck: 3,
}

function weightOf(bridge: ClientBridge): number {
  return WEIGHTS[kindOf(bridge)]
}

function kindOf({ refused, silent, records }: ClientBridge): BridgeLine['kind'] {
  if (refused > 0) return 'stuck'
  if (silent) return 'silent'
  return records > 0 ? 'behind' : 'in_step'
}

function textOf({ name, records, refused, oldest_at, ...its }: ClientBridge, now: number): string {
  const place = name === '' ? 'the bridge' : name
  const since = oldest_at === undefined ? '' : ` since ${sinceText(Date.parse(oldest_at), now)}`
  const waiting = `${countText(records, 'change')} ${records === 1 ? 'waits' : 'wait'}`
  const facts = [
    ...(records > 0 ? [`${waiting} on ${place}${since}`] : []),
    ...(refused > 0 ? [records > 0 ? `${refused} refused` : `${refused} refused on ${place}`] : []),
    ...(its.silent ? [`not heard from for ${roughText(now - Date.parse(its.last_heard))}`] : []),
  ]
  if (facts.length === 0) return name === '' ? 'bridge in step' : `bridge in step (${name})`
  const isNamed = records + refused > 0
  return isNamed ? facts.join(', ') : `${name === '' ? 'bridge' : name} ${facts.join(', ')}`
}

/** The time of day as people here read it; with the day if that was not today. */
function sinceText(at: number, now: number): string {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const isRecent = now - at < DAY_MS
  const day = isRecent ? {} : ({ day: 'numeric', month: 'short' } as const)
  return new Intl.DateTimeFormat('en-GB', { ...day, ...time }).format(at)
}
