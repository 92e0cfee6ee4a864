// A day of a team, as fast as its commands go: the clock moves, and bridges report images and journals as in real life.

import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import type { Members } from '../support/fixtures.ts'
import type { PanelStack } from '../support/panel-stack.ts'

const MINUTE = 60_000

/** Images that are there are reported within this time, or they would count as gone. */
const REPORT_EVERY = 0.4

/** What a bridge holds for its client. */
type Journal = {
  readonly records?: number
  readonly refused?: number
  readonly bytes?: number
  readonly oldest_at?: unknown
}

export type Day = {
  /** Lets the time pass, in minutes from the beginning; with nobody there in between. */
  until(minutes: number): Promise<void>
  /** The same, with the images running all the while. */
  working(minutes: number): Promise<void>
  /** An image runs from now on. */
  start(image_id: string, its: Members): Promise<void>
  /** An image goes away. */
  stop(image_id: string): Promise<void>
  /** A bridge of this name serves a client from now on; gives what is told of it. */
  bridge(name: string, client_id: string, journal?: Journal): Promise<Members>
  /** Nothing is heard of the bridge any more. */
  silence(name: string): void
  /** What bridges report every few seconds. */
  heartbeat(): Promise<void>
}

/** The bridges are those of a user, where there are users. */
export function createDay(team: PanelStack, user: UserName = 'enzo'): Day {
  const images = new Map<string, Members>()
  const bridges = new Map<string, Members>()
  let passed = 0

  async function until(minutes: number): Promise<void> {
    await team.advance((minutes - passed) * MINUTE)
    passed = minutes
    await seen()
  }

  async function seen(): Promise<void> {
    for (const [image_id, its] of images) await team.image(image_id, 'Connected', its)
  }

  return {
    until,
    working: async (minutes) => {
      while (passed < minutes) await until(Math.min(minutes, passed + REPORT_EVERY))
    },
    start: async (image_id, its) => {
      images.set(image_id, its)
      await team.image(image_id, 'Connected', its)
    },
    stop: async (image_id) => {
      const its = images.get(image_id)
      images.delete(image_id)
      await team.image(image_id, 'Disconnected', its)
    },
    bridge: (name, client_id, { records = 0, refused = 0, bytes = 0, ...since } = {}) => {
      const clients = [{ client_id, records, refused, bytes, ...since }]
      const report = { bridge_id: `${client_id}-1`, name, version: '0.1.0', clients }
      bridges.set(name, report)
      return team.run('report_bridge_status', report, user)
    },
    silence: (name) => {
      bridges.delete(name)
    },
    heartbeat: async () => {
      await seen()
      for (const report of bridges.values()) await team.run('report_bridge_status', report, user)
    },
  }
}
