// Asks for what the page shows: everything at first and after a gap, later only what an event names. Several events within a
// moment are one question.

import type { Outcome } from '../../outcome.ts'
import { MAX_PAGE } from '../../protocol/limits.ts'
import { type BridgeStatus, withClients } from '../view/bridge-line.ts'
import type { Image, ListedSession } from '../view/listed.ts'
import type { Model } from '../view/model.ts'
import { type Answered, type Ask, mayPass, type Refusal } from './ask.ts'
import type { Machine } from './machine.ts'
import { type Scope, scopes } from './panel.ts'

/** The result of list_image_sessions, as far as it is used. */
type List = {
  readonly sessions: readonly ListedSession[]
  readonly images: readonly Image[]
  readonly total_count: number
  readonly next_cursor: string
}

/** With how many sessions lists have beyond the pages that were read. */
type Loaded = Pick<List, 'sessions' | 'images'> & { readonly toldAt: number; readonly left: number }

/** Pages of one list that are read; what is beyond is found with another scope. */
const MOST_PAGES = { open: 25, closed: 5 } as const

/** How often a list that has to wait is tried. */
const TRIES = 4

export function createLoader(parts: {
  readonly ask: Ask
  readonly model: Model
  readonly scope: Scope
  readonly machine: Machine
}) {
  const { ask, model, scope, machine } = parts

  /** Replaces all that is known; gives how many closed sessions there are beyond those that were read. */
  async function all(): Promise<Outcome<number, Refusal>> {
    const mark = model.mark()
    const open = await listed('*', 'open')
    if (!open.ok) return open
    // Asked for last: what is closed between the two is in both, and closed.
    const closed = await listed('*', 'closed')
    if (!closed.ok) return closed
    const { toldAt, images, sessions, left } = open.value
    const isWhole = left === 0
    const hasClosed = closed.value.left === 0
    const both = [...sessions, ...closed.value.sessions]
    model.take({ toldAt, images, image_id: undefined, sessions: both, isWhole, hasClosed }, mark)
    return { ok: true, value: closed.value.left }
  }

  /** Brings the open sessions of one image up to date; false if nothing was told of them. */
  async function image(image_id: string): Promise<boolean> {
    const mark = model.mark()
    const loaded = await listed(image_id, 'open')
    if (!loaded.ok) return false
    const { left, ...rest } = loaded.value
    model.take({ ...rest, image_id, isWhole: left === 0, hasClosed: false }, mark)
    return true
  }

  async function listed(
    image_id: string,
    include: keyof typeof MOST_PAGES
  ): Promise<Outcome<Loaded, Refusal>> {
    const sessions: ListedSession[] = []
    const images = new Map<string, Image>()
    let toldAt = machine.now()
    let left = 0
    for (const its of scopes(scope)) {
      let cursor = ''
      let read = 0
      for (let page = 0; page === 0 || cursor !== ''; page += 1) {
        const more = cursor === '' ? {} : { cursor }
        const asked = { ...its, ...more, image_id, include, limit: MAX_PAGE }
        const answer = await patient('list_image_sessions', asked)
        if (!answer.ok) return answer
        const list = answer.value.result as unknown as List
        toldAt = answer.value.toldAt
        sessions.push(...list.sessions)
        for (const one of list.images) images.set(one.image_id, one)
        read += list.sessions.length
        cursor = list.next_cursor
        if (page + 1 < MOST_PAGES[include] || cursor === '') continue
        left += Math.max(1, list.total_count - read)
        break
      }
    }
    return { ok: true, value: { sessions, images: [...images.values()], toldAt, left } }
  }

  /** Waits as long as it is told to, and asks again. */
  async function patient(
    command: string,
    parameters: Readonly<Record<string, unknown>>
  ): Promise<Outcome<Answered, Refusal>> {
    for (let tries = 1; ; tries += 1) {
      const answer = await ask(command, parameters)
      if (answer.ok) machine.toldTime(answer.value.toldAt)
      if (answer.ok || answer.failure.code !== 'rate_limited' || tries === TRIES) return answer
      const { retryAfterMs } = answer.failure
      await new Promise<void>((resolve) => machine.after(retryAfterMs, resolve))
    }
  }

  const isShown = (client_id: string) => scope.kind === 'team' || scope.ids.includes(client_id)

  /**
   * Gives the clients whose bridges are in another way than before; undefined if that is not told now. A service of before
   * knows of none.
   */
  async function bridges(): Promise<readonly string[] | undefined> {
    const answer = await patient('get_bridge_status', {})
    if (!answer.ok) return mayPass(answer.failure) ? undefined : []
    const told = answer.value.result as unknown as { readonly bridges: readonly BridgeStatus[] }
    return model.takeBridges(withClients(told.bridges, isShown), machine.now())
  }

  return { all, image, bridges, statistics: () => patient('get_session_statistics', {}) }
}

export type Loader = ReturnType<typeof createLoader>
