// What is known of one image's health: its connection, how fast it answers, and its epoch, which changes when it starts anew.

import type { Clock } from '../../src/clock.ts'
import type { Chance } from '../timer.ts'
import type { Frames } from './image-socket.ts'
import { readPong } from './ping.ts'

export type Health = {
  readonly status: 'Connected' | 'Disconnected'
  /** Absent until the image has answered a ping since it was connected. */
  readonly epoch?: string
  readonly version?: string
  /** The fastest of the last answers; absent until there was one. */
  readonly round_trip_ms?: number
}

export type ImageHealth = {
  isUp(): boolean
  up(): void
  down(): void
  /** Notes an answer and the time that it took. */
  answered(ms: number): void
  /** Reads what the answer to a ping says of the image, and tells what is new about it. */
  pong(frames: Frames): News
  told(): Health
}

/** Whether something is new about an image, and whether it is in another start than the last one that was known. */
export type News = { readonly isNew: boolean; readonly isRestarted: boolean }

/** A long evaluation is no slow connection: among so many answers there is a quick one as a rule. */
const ROUND_TRIPS = 8

export type HealthDependencies = { readonly clock: Clock; readonly chance: Chance }

export function createImageHealth({ clock, chance }: HealthDependencies): ImageHealth {
  let isUp = false
  let madeEpoch = ''
  let epoch: string | undefined
  /** The last one that was known, whatever the connection. */
  let lastEpoch: string | undefined
  let version: string | undefined
  let roundTrips: number[] = []

  return {
    isUp: () => isUp,
    up: () => {
      isUp = true
      roundTrips = []
      // Object ids must not be taken for good that may point elsewhere: whoever cannot tell is a new image.
      madeEpoch = `${clock.now()}-${chance().toString(36).slice(2, 10)}`
      epoch = undefined
    },
    down: () => {
      isUp = false
    },
    answered: (ms) => {
      roundTrips = [...roundTrips, ms].slice(-ROUND_TRIPS)
    },
    pong: (frames) => {
      const said = { epoch: madeEpoch, version, ...readPong(frames) }
      const isNew = said.epoch !== epoch || said.version !== version
      const isRestarted = lastEpoch !== undefined && lastEpoch !== said.epoch
      epoch = said.epoch
      lastEpoch = said.epoch
      version = said.version
      return { isNew, isRestarted }
    },
    told: () => ({
      status: isUp ? 'Connected' : 'Disconnected',
      ...(epoch !== undefined && { epoch }),
      ...(version !== undefined && { version }),
      ...(roundTrips.length > 0 && {
        round_trip_ms: Math.round(Math.min(...roundTrips) * 100) / 100,
      }),
    }),
  }
}
