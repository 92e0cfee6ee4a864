// Asks for what the page shows: everything at first and after a gap, later only what an event names. Several events within a
// moment are one question.

import type { Outcome } from '../../outcome.ts'
import { MAX_PAGE } from '../../protocol/limits.ts'
import { type BridgeStatus, withClients } from '../view/bridge-line.ts'
import type { Image, ListedSession } from '../view/listed.ts'
import type { Model } from '../view/model.ts'
import type { Answered, Ask, Refusal } from './ask.ts'
import type { Machine } from './machine.ts'
import { type Scope, scopes } from './panel.ts'

/** The result of list_image_sessions, as far as it is used. */
type List = {
  readonly sessions: readonly ListedSession[]
  readonly images: readonly Image[]
  readonly next_cursor: string
}

type Loaded = { readonly toldAt: number; readonly isWhole: boolean } & Omit<List, 'next_cursor'>

/** Pages of one list that are read; what is beyond is found with another scope. */
const MOST_PAGES = 25

/** How often a list that has to wait is tried. */
const TRIES = 4

export function createLoader(parts: {
  readonly ask: Ask
  readonly model: Model
  readonly scope: Scope
  readonly machine: Machine
}) {
  const { ask, model, scope, machine } = parts

  /** Replaces all that is known. */
  async function all(): Promise<Outcome<undefined, Refusal>> {
    const loaded = await listed('*')
    if (!loaded.ok) return loaded
    const closed = scope.kind === 'clients' ? await closedOf(scope.ids) : []
    const { sessions, ...rest } = loaded.value
    model.take({ ...rest, image_id: undefined, sessions: [...sessions, ...closed] })
    return { ok: true, value: undefined }
  }

  /** Brings the sessions of one image up to date. */
  async function image(image_id: string): Promise<void> {
    const loaded = await listed(image_id)
    if (loaded.ok) model.take({ ...loaded.value, image_id })
  }

  async function listed(image_id: string): Promise<Outcome<Loaded, Refusal>> {
    const sessions: ListedSession[] = []
    const images = new Map<string, Image>()
    let toldAt = machine.now()
    let isWhole = true
    for (const its of scopes(scope)) {
      let cursor = ''
      for (let page = 0; page === 0 || cursor !== ''; page += 1) {
        const more = cursor === '' ? {} : { cursor }
        const asked = { ...its, ...more, image_id, limit: MAX_PAGE }
        const answer = await patient('list_image_sessions', asked)
        if (!answer.ok) return answer
        const list = answer.value.result as unknown as List
        toldAt = answer.value.toldAt
        sessions.push(...list.sessions)
        for (const one of list.images) images.set(one.image_id, one)
        cursor = list.next_cursor
        if (page < MOST_PAGES || cursor === '') continue
        isWhole = false
        break
      }
    }
    return { ok: true, value: { sessions, images: [...images.values()], toldAt, isWhole } }
  }

  /** The closed sessions of clients, the ones closed last: images' lists do not have them. */
  async function closedOf(ids: readonly string[]): Promise<ListedSession[]> {
    const closed: ListedSession[] = []
    for (const client_id of ids) {
      const asked = { client_id, include: 'all', limit: MAX_PAGE }
      const answer = await patient('list_client_sessions', asked)
      if (!answer.ok) continue
      const { sessions } = answer.value.result as unknown as List
      const its = sessions.filter(({ is_closed }) => is_closed)
      closed.push(
        ...its.map((one) => ({ ...one, client_id, connection_status: 'Unknown' as const }))
      )
    }
    return closed
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

  /** Gives the clients whose bridges are in another way than before; a service of before knows of none. */
  async function bridges(): Promise<readonly string[]> {
    const answer = await patient('get_bridge_status', {})
    if (!answer.ok) return []
    const told = answer.value.result as unknown as { readonly bridges: readonly BridgeStatus[] }
    return model.takeBridges(withClients(told.bridges, isShown), machine.now())
  }

  return { all, image, bridges, statistics: () => patient('get_session_statistics', {}) }
}

export type Loader = ReturnType<typeof createLoader>
