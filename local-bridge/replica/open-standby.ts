// Gives the replica the machine's own time and chance.

import { randomBytes, randomUUID } from 'node:crypto'
import { LOCAL_PRINCIPAL } from '../../src/access/principal.ts'
import { systemClock } from '../../src/clock.ts'
import type { Log } from '../events.ts'
import type { Identity } from '../identity.ts'
import type { ImagesHere } from '../images/images-here.ts'
import { systemChance, systemTimer } from '../timer.ts'
import type { Upstream } from '../upstream.ts'
import type { Room } from './holdings.ts'
import { needsFullSync } from './node-sql.ts'
import { rememberedHolder } from './remembered-holder.ts'
import { createStandby, type Standby } from './standby.ts'

export type ReplicaOptions = {
  /** Where everything is kept; made if it is not there. */
  readonly folder: string
  /** The name of the service that it is kept for; its address if absent. */
  readonly service?: string
  readonly room?: Room
  /** What the developer calls this machine where its journal is shown to others. */
  readonly bridgeName?: string
}

/** What the journals of one developer may hold. */
export const ROOM: Room = { entries: 100_000, bytes: 64 * 1024 * 1024 }

export type StandbyParts = {
  readonly upstream: Upstream
  readonly url: string
  /** Absent where authentication is off: then the work is everybody's. */
  readonly identity: Pick<Identity, 'vouched' | 'unchecked'> | undefined
  readonly log: Log
  readonly onHeld?: () => void
  /** What the bridge itself knows of images. */
  readonly imagesHere?: ImagesHere
}

export function openStandby(
  { folder, service, room = ROOM }: ReplicaOptions,
  { upstream, url, identity, log, onHeld, imagesHere }: StandbyParts
): Standby {
  const random = (count: number) => randomBytes(count)
  return createStandby({
    upstream,
    folder,
    service: service ?? new URL(url).href,
    holder:
      identity === undefined
        ? () => LOCAL_PRINCIPAL
        : rememberedHolder({ identity, folder, clock: systemClock, random }),
    room,
    clock: systemClock,
    timer: systemTimer,
    chance: systemChance,
    random,
    newId: randomUUID,
    fullSync: needsFullSync(process.platform),
    log,
    onHeld,
    imagesHere,
  })
}
