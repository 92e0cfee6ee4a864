// Gathers what `bridge_status` answers from the parts of a running bridge.

import { type Clock, isoTime } from '../../src/clock.ts'
import {
  IMAGE_CRITICAL_ROUND_TRIP_MS,
  IMAGE_SLOW_ROUND_TRIP_MS,
} from '../../src/protocol/limits.ts'
import { VERSION } from '../../src/version.ts'
import type { Identity } from '../identity.ts'
import type { Image } from '../images/image.ts'
import type { Progress } from '../replica/replay.ts'
import type { Standby } from '../replica/standby.ts'
import type { BridgeStatus } from './bridge-status.ts'
import type { UplinkWatch } from './uplink-watch.ts'

export type StatusParts = {
  readonly clock: Clock
  /** The session service. */
  readonly url: string
  readonly endpoint: string
  readonly uplink: Pick<UplinkWatch, 'told' | 'look'>
  readonly connections: () => number
  readonly images: () => readonly Image[]
  /** Absent where authentication is off. */
  readonly identity: Pick<Identity, 'holder'> | undefined
  readonly standby: Pick<Standby, 'status'> | undefined
  /** Where live events are published, if they are. */
  readonly events: () => BridgeStatus['events'] | undefined
}

/** An image that works on one request for longer deserves a look. */
const LONG_WORK_MS = 5000

/** Gives what tells how the bridge is at that moment; it asks the service first if that was silent. */
export function createStatusReport(parts: StatusParts): () => Promise<BridgeStatus> {
  const { clock, url, endpoint, uplink, connections, images, events } = parts
  const startedAt = isoTime(clock.now())
  return async () => {
    await uplink.look()
    const { state, since, detail = null, latencyMs = null } = uplink.told()
    return {
      version: VERSION,
      pid: process.pid,
      started_at: startedAt,
      endpoint,
      clients: connections(),
      uplink: { url, state, since: isoTime(since), detail, latency_ms: latencyMs },
      token: tokenOf(parts),
      images: images().map(imageOf),
      ...kept(parts),
      events: events() ?? null,
    }
  }
}

function tokenOf({ identity }: StatusParts): BridgeStatus['token'] {
  if (identity === undefined) return { state: 'none', expires_at: null }
  const holder = identity.holder()
  const { expires_at } = holder ?? {}
  return {
    state: holder === undefined ? 'not_good' : 'good',
    expires_at: expires_at === undefined ? null : isoTime(expires_at),
  }
}

function imageOf({ name, address, health, load }: Image): BridgeStatus['images'][number] {
  const { status, round_trip_ms } = health()
  const { waiting, workingMs } = load()
  return {
    ...{ name, address, status },
    health: status === 'Connected' ? healthOf(round_trip_ms, workingMs ?? 0) : 'Critical',
    round_trip_ms: round_trip_ms ?? null,
    queue: waiting,
    working_ms: workingMs === undefined ? null : Math.round(workingMs),
  }
}

/** As the team's directory judges what is reported to it, and silence. */
function healthOf(
  roundTripMs: number | undefined,
  workingMs: number
): BridgeStatus['images'][number]['health'] {
  if (workingMs > LONG_WORK_MS) return 'Warning'
  if (roundTripMs === undefined) return 'Unknown'
  if (roundTripMs > IMAGE_CRITICAL_ROUND_TRIP_MS) return 'Critical'
  return roundTripMs > IMAGE_SLOW_ROUND_TRIP_MS ? 'Warning' : 'Healthy'
}

function kept({ standby, uplink }: StatusParts) {
  const { held, room, replay, trouble } = standby?.status() ?? {}
  const { answeredAt } = uplink.told()
  const syncedAt = held?.oldest ?? answeredAt
  return {
    journal:
      held === undefined || room === undefined
        ? null
        : {
            ...{ records: held.waiting, refused: held.refused, bytes: held.bytes },
            ...{ max_records: room.entries, max_bytes: room.bytes },
            oldest_at: held.oldest === undefined ? null : isoTime(held.oldest),
          },
    journal_trouble: trouble ?? null,
    replay: replay === undefined ? null : replayOf(replay),
    last_sync: syncedAt === undefined ? null : isoTime(syncedAt),
  }
}

function replayOf({ done, total, per_second, rest_s }: Progress): BridgeStatus['replay'] {
  return { done, total, per_second: per_second ?? null, rest_s: rest_s ?? null }
}
