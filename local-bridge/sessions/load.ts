// Asks the service for what is shown: all of it, or the sessions of one image. Reads every page, and knows what time it is
// by the service's clock.

import type * as z from 'zod'
import type { Clock } from '../../src/clock.ts'
import { type Outcome, succeed } from '../../src/outcome.ts'
import { type BridgeStatus, withClients } from '../../src/panel/view/bridge-line.ts'
import type { Image, ListedSession } from '../../src/panel/view/listed.ts'
import type { Told } from '../../src/panel/view/model.ts'
import { getBridgeStatus } from '../../src/protocol/commands/get-bridge-status.ts'
import { listImageSessions } from '../../src/protocol/commands/list-image-sessions.ts'
import { MAX_PAGE } from '../../src/protocol/limits.ts'
import { sleep, type Timer } from '../timer.ts'
import type { Answered, Ask, Refusal } from './ask.ts'
import { questionsOf, type Scope } from './scope.ts'

export type Loader = {
  /** Everything that there is. */
  all(): Promise<Outcome<Told, Refusal>>
  /** The sessions of one image. */
  image(image_id: string): Promise<Outcome<Told, Refusal>>
  /** What bridges hold, as far as the service tells it. */
  bridges(): Promise<Outcome<readonly BridgeStatus[], Refusal>>
  /** Epoch milliseconds by the service's clock, as far as it is known. */
  now(): number
}

export type LoaderParts = {
  readonly ask: Ask
  readonly scope: Scope
  /** True if closed sessions are shown. */
  readonly closed: boolean
  readonly clock: Clock
  readonly timer: Timer
}

/** Pages of one list that are read. */
const MOST_PAGES = 25

/** How often a question is put that has to wait, and the longest that it waits. */
const TRIES = 4
const LONGEST_WAIT_MS = 5000

const EVERY_IMAGE = '*'

export function createLoader({ ask, scope, closed, clock, timer }: LoaderParts): Loader {
  let skew = 0

  async function patient<Schema extends z.ZodType>(
    command: string,
    parameters: Readonly<Record<string, unknown>>,
    result: Schema
  ): Promise<Outcome<Answered<z.output<Schema>>, Refusal>> {
    for (let tries = 1; ; tries += 1) {
      const answer = await ask(command, parameters, result)
      if (answer.ok) skew = answer.value.toldAt - clock.now()
      const wait = answer.ok ? 0 : answer.failure.retryAfterMs
      if (wait === 0 || wait > LONGEST_WAIT_MS || tries === TRIES) return answer
      await sleep(timer, wait)
    }
  }

  async function listed(
    image_id: string,
    include: 'open' | 'closed' = 'open'
  ): Promise<Outcome<Told, Refusal>> {
    const sessions: ListedSession[] = []
    const images = new Map<string, Image>()
    let isWhole = true
    for (const question of questionsOf(scope)) {
      let cursor = ''
      for (let page = 0; page === 0 || cursor !== ''; page += 1) {
        if (page === MOST_PAGES) {
          isWhole = false
          break
        }
        const parameters = { ...question, image_id, include, limit: MAX_PAGE, ...behind(cursor) }
        const answer = await patient('list_image_sessions', parameters, listImageSessions.result)
        if (!answer.ok) return answer
        const { result } = answer.value
        sessions.push(...result.sessions)
        for (const image of result.images) images.set(image.image_id, image)
        cursor = result.next_cursor
      }
    }
    return succeed(told({ sessions, images, isWhole, image_id }))
  }

  const now = () => clock.now() + skew

  const isShown = (client_id: string) => scope.kind === 'team' || scope.ids.includes(client_id)

  /** An absent image_id means that it is about all. */
  function told(list: {
    readonly sessions: readonly ListedSession[]
    readonly images: ReadonlyMap<string, Image>
    readonly isWhole: boolean
    readonly image_id?: string
  }): Told {
    const { sessions, images, isWhole, image_id = EVERY_IMAGE } = list
    return {
      ...{ sessions, images: [...images.values()], isWhole, hasClosed: false, toldAt: now() },
      image_id: image_id === EVERY_IMAGE ? undefined : image_id,
    }
  }

  return {
    all: async () => {
      const list = await listed(EVERY_IMAGE)
      if (!list.ok || !closed) return list
      // Asked for last: what is closed between the two is in both, and closed.
      const more = await listed(EVERY_IMAGE, 'closed')
      if (!more.ok) return more
      const sessions = [...list.value.sessions, ...more.value.sessions]
      return succeed({ ...list.value, sessions, hasClosed: more.value.isWhole })
    },
    image: (image_id) => listed(image_id),
    bridges: async () => {
      const answer = await patient('get_bridge_status', {}, getBridgeStatus.result)
      return answer.ok ? succeed(withClients(answer.value.result.bridges, isShown)) : answer
    },
    now,
  }
}

function behind(cursor: string) {
  return cursor === '' ? {} : { cursor }
}
