// Asks the service for what the replica lacks, one thing at a time and only while nobody else asks: the client's key, which
// sessions there are, and those that are not completely here. Reads only: no lease is renewed by it.

import { type Clock, isoTime } from '../../src/clock.ts'
import { manifestOf } from '../../src/session/manifest.ts'
import { statusAt } from '../../src/session/rules.ts'
import type { Timer } from '../timer.ts'
import { adoptWhole, rowOf } from './adopt.ts'
import type { Courier } from './courier.ts'
import { createPauses } from './pauses.ts'
import { claim, type Replica } from './replica.ts'
import type { Replicas } from './replicas.ts'
import type { ServiceAnswer } from './service-answer.ts'
import { LEVEL } from './tables/copies.ts'
import type { Whose } from './tables/journal.ts'
import type { Holder } from './work.ts'

/** A client with more sessions than this is listed by the service alone. */
const MOST_SESSIONS = 200
const PAGE = 200

export type Pull = {
  /** Asks for what is missing of a client; true if nothing is missing any more. */
  client(route: string, whose: Whose): Promise<boolean>
  /** Asks for one session; true if the service has answered, and nothing has overtaken the answer. */
  session(route: string, sessionId: string): Promise<boolean>
  stop(): void
}

export type PullDependencies = {
  readonly replicas: Replicas
  readonly courier: Courier
  readonly timer: Timer
  readonly clock: Clock
  /** Whose sessions these are. */
  readonly holder: Holder
}

export function createPull({ replicas, courier, timer, clock, holder }: PullDependencies): Pull {
  /** Clients whose key was asked for in this run: the service may sign with a new one. */
  const keyed = new Set<string>()
  /** Of each session that was asked for, the question whose answer was taken: one that was asked before it comes too late. */
  const answered = new Map<string, number>()
  let questions = 0
  const pauses = createPauses(timer)

  async function client(route: string, whose: Whose): Promise<boolean> {
    if (!(await key(route, whose))) return false
    if (replicas.of(route)?.keeper.listedAt() === undefined && !(await list(route, whose))) {
      return false
    }
    for (const sessionId of replicas.of(route)?.copies.incomplete() ?? []) {
      if (!(await session(route, sessionId))) return false
    }
    return true
  }

  async function key(route: string, whose: Whose): Promise<boolean> {
    // A file that was damaged has begun anew without it.
    if (keyed.has(route) && replicas.of(route)?.keeper.opens(whose) === true) return true
    const answer = await patiently('get_mint_key', { client_id: whose.client_id })
    const given = answer?.ok === true ? answer.result.key : undefined
    if (given === undefined) return false
    keyed.add(route)
    replicas.of(route, { make: true })?.keeper.keepMintKey(given, whose)
    return true
  }

  /** Notes every session of the client; those that are not here as they are there are asked for. */
  async function list(route: string, { client_id }: Whose): Promise<boolean> {
    const parameters = { client_id, include: 'all', limit: PAGE }
    const before = replicas.of(route)
    const unlisted = before?.keeper.unlisted()
    const touches = before?.copies.touches()
    const answer = await patiently('list_client_sessions', parameters)
    const replica = replicas.of(route)
    if (answer?.ok !== true || replica === undefined) return false
    const { sessions = [], next_cursor } = answer.result
    // Asked again, there would be as many; those that are known here are asked for all the same.
    if (next_cursor !== '' || sessions.length > MOST_SESSIONS) return true
    // Several may have changed at once while it was on its way.
    if (replica !== before || replica.keeper.unlisted() !== unlisted) return false
    replica.lightly(() => {
      for (const { session_id, revision, status } of sessions) {
        const { level, queue, touched } = replica.copies.ensure(session_id)
        const isOvertaken = touched !== (touches?.get(session_id) ?? 0)
        const here = replica.store.sessions.find(session_id)
        const isSame =
          here?.revision === revision && statusAt(here, clock.now()) === (status ?? 'active')
        if (level > LEVEL.none && !isSame && !isOvertaken && !replica.journal.isWaiting(queue)) {
          replica.copies.change(session_id, { level: LEVEL.none })
        }
      }
      replica.keeper.listed(clock.now())
    })
    return true
  }

  async function session(route: string, sessionId: string): Promise<boolean> {
    const before = replicas.of(route)?.copies.find(sessionId)
    questions += 1
    const question = questions
    const answer = await patiently('get_session_info', { session_id: sessionId, state: true })
    const replica = replicas.of(route)
    const copy = replica?.copies.find(sessionId)
    if (answer === undefined || replica === undefined || copy === undefined) return false
    const isOvertaken = copy.touched !== before?.touched || replica.journal.isWaiting(copy.queue)
    if (isOvertaken || question < (answered.get(sessionId) ?? 0)) return false
    answered.set(sessionId, question)
    return replica.lightly(() => agreed(replica, sessionId, answer))
  }

  function agreed(replica: Replica, sessionId: string, answer: ServiceAnswer): boolean {
    if (!answer.ok) {
      if (answer.code === 'session_not_found') forget(replica, sessionId)
      else replica.copies.change(sessionId, { level: LEVEL.none })
      return true
    }
    const { result } = answer
    if (result.client_id !== undefined) claim(replica, holder, result.client_id, clock.now())
    if (isSame(replica, result)) {
      const number = replica.store.sessions.find(sessionId)?.number ?? 0
      replica.store.sessions.change(number, rowOf(result))
      replica.copies.change(sessionId, {
        level: LEVEL.exact,
        synced_revision: result.revision ?? 0,
        agreed_at: clock.now(),
      })
      return true
    }
    const whole = { result, texts: answer.texts(), components: result.components ?? {} }
    return adoptWhole(replica, whole, clock.now())
  }

  /** Asks, and asks again when it is told to wait: the client's own requests come first. */
  async function patiently(command: string, parameters: Readonly<Record<string, unknown>>) {
    for (;;) {
      const answer = await courier.ask(command, parameters)
      if (answer?.ok !== false || answer.code !== 'rate_limited') return answer
      if (!(await pauses.wait(answer.retryAfterMs ?? 1000))) return undefined
    }
  }

  return { client, session, stop: pauses.end }
}

/** True if the copy has the very texts that the service has, from the same revisions. */
function isSame({ store, copies }: Replica, result: ServiceResult): boolean {
  const session = store.sessions.find(result.session_id ?? '')
  const copy = copies.find(result.session_id ?? '')
  if (session === undefined || copy === undefined || copy.level <= LEVEL.none) return false
  if (session.revision !== result.revision) return false
  const here = manifestOf(store, session.number, session.revision)
  const there = result.components ?? {}
  const names = Object.keys(here)
  return (
    names.length === Object.keys(there).length &&
    Object.entries(here).every(([name, { sha256, revision }]) => {
      return there[name]?.sha256 === sha256 && there[name]?.revision === revision
    })
  )
}

type ServiceResult = Extract<ServiceAnswer, { ok: true }>['result']

function forget({ store, copies }: Replica, sessionId: string): void {
  const session = store.sessions.find(sessionId)
  if (session !== undefined) {
    store.components.deleteAll(session.number)
    store.revisions.deleteAll(session.number)
    store.registryEpochs.deleteAll(session.number)
    store.sessions.change(session.number, { status: 'deleted' })
  }
  copies.forget(sessionId)
}

/** What the client is told of work that met a change made elsewhere. */
export function conflictNotice(replica: Replica, sessionId: string, copyId: string, now: number) {
  const name = replica.store.sessions.find(copyId)?.name
  const called = name === undefined || name === '' ? '' : `, named "${name}"`
  return `Work done offline on the session ${sessionId} met a change that was made elsewhere. Both are kept: the offline work is the session ${copyId}${called} (told at ${isoTime(now)}).`
}
