// What follows when a queue has been delivered: conflicts are told, and every copy is compared with what the service has.

import type { Clock } from '../../src/clock.ts'
import { conflictNotice, type Pull } from './pull.ts'
import type { Replicas } from './replicas.ts'
import { type Copy, LEVEL } from './tables/copies.ts'

export type FinishDependencies = {
  readonly replicas: Replicas
  readonly pull: Pick<Pull, 'session'>
  readonly clock: Clock
}

/** True when nothing is left to do; what could not be done is tried again. */
export async function finish(
  route: string,
  queue: string,
  { replicas, pull, clock }: FinishDependencies
): Promise<boolean> {
  for (const copy of replicas.of(route)?.copies.ofQueue(queue) ?? []) {
    const isDone = isDiverted(copy) ? await told(copy) : await compared(copy)
    if (!isDone) return false
  }
  return true

  /** Both are fetched before the client is told, so that what it asks next is answered rightly. */
  async function told({ session_id, target }: Copy): Promise<boolean> {
    replicas.of(route)?.copies.ensure(target)
    if (!(await pull.session(route, target)) || !(await pull.session(route, session_id)))
      return false
    const replica = replicas.of(route)
    if (replica === undefined || replica.journal.isWaiting(queue)) return false
    replica.transaction(() => {
      replica.copies.change(session_id, { target: session_id })
      replica.keeper.notify(conflictNotice(replica, session_id, target, clock.now()))
    })
    return true
  }

  /** As it is now: others of the queue were asked for before it. */
  async function compared({ session_id }: Copy): Promise<boolean> {
    const replica = replicas.of(route)
    if (replica === undefined || replica.journal.isWaiting(queue)) return false
    const copy = replica.copies.find(session_id)
    if (copy === undefined) return true
    const { level, synced_revision } = copy
    const revision = replica.store.sessions.find(session_id)?.revision
    if (level > LEVEL.none && revision !== synced_revision) {
      replica.copies.change(session_id, { level: LEVEL.none })
    }
    return pull.session(route, session_id)
  }
}

function isDiverted({ target, session_id }: Copy): boolean {
  return target !== session_id
}
