// Hears what passes between clients and the service, and lets the replica take it over: behind the answer, several at a
// time, so that no client waits for it, and before anything is answered from here. Creations are taken over before their
// clients hear of them.

import { findCommand, makesSession } from '../../src/protocol/registry.ts'
import type { Log } from '../events.ts'
import type { Request } from '../request.ts'
import type { Timer } from '../timer.ts'
import type { UpstreamReply } from '../upstream.ts'
import { keepCreation } from './recognised.ts'
import { claim, type Replica } from './replica.ts'
import { codeOf, type Replicas } from './replicas.ts'
import { skimServiceAnswer } from './service-answer.ts'
import { contradict, warm } from './warm.ts'
import { type Holder, sessionNamed } from './work.ts'

/** A message and the service's answer to it. */
export type Heard = {
  readonly route: string
  readonly request: Pick<Request, 'id' | 'message'>
  readonly reply: UpstreamReply
  readonly at: number
  readonly holder: Holder
}

export type Hearing = {
  hear(heard: Heard): void
  /** Takes over what was heard until now. */
  flush(): void
  stop(): void
}

export type HearingDependencies = {
  readonly replicas: Replicas
  readonly timer: Timer
  readonly log: Log
  /** A client's sessions were spoken of. */
  readonly onHeard: (route: string) => void
}

/** How long an answer may wait to be taken over, and how many bytes may. */
const WAIT_MS = 20
const MOST_BYTES = 8 * 1024 * 1024

/** Who answers what is about a client's sessions. */
const OF_CLIENTS: ReadonlySet<string> = new Set(['client', 'client_or_team', 'client_or_each'])

/** Refusals that may tell something else of a session than the copy does. */
const TELLING: ReadonlySet<string> = new Set([
  'session_not_found',
  'session_closed',
  'session_expired',
  'revision_conflict',
])

export function createHearing({ replicas, timer, log, onHeard }: HearingDependencies): Hearing {
  let waiting: Heard[] = []
  let bytes = 0
  let cancel = () => {}

  function hear(heard: Heard): void {
    const { command } = heard.request.message
    if (!OF_CLIENTS.has(findCommand(command)?.scope ?? '')) return
    if (waiting.length === 0) cancel = timer.after(WAIT_MS, flush)
    waiting.push(heard)
    bytes += heard.reply.bytes.length
    if (bytes > MOST_BYTES || (makesSession(command) && mayMakeIt(heard.route))) flush()
  }

  /**
   * Asked again, a bridge that was killed before it wrote the answer down would make another session here. For a client
   * that has no file yet it has no key to make one with, and making the file would hold up the answer.
   */
  function mayMakeIt(route: string): boolean {
    return replicas.of(route) !== undefined
  }

  function flush(): void {
    cancel()
    const all = Map.groupBy(waiting, ({ route }) => route)
    waiting = []
    bytes = 0
    for (const [route, heard] of all) takeOver(route, heard)
  }

  function takeOver(route: string, heard: readonly Heard[]): void {
    const isNews = heard.some(({ reply }) => reply.outcome === 'success')
    const replica = replicas.of(route, { make: isNews })
    if (replica === undefined) return
    try {
      replica.lightly(() => {
        for (const one of heard) learn(replica, one)
      })
    } catch (error) {
      replicas.drop(route)
      log({ event: 'replica_unusable', detail: codeOf(error) })
      return
    }
    onHeard(route)
  }

  return { hear, flush, stop: () => cancel() }
}

function learn(replica: Replica, { request, reply, at, holder }: Heard): void {
  const { command, parameters } = request.message
  const named = sessionNamed(request)
  if (reply.outcome !== 'success') {
    if (named !== undefined && TELLING.has(reply.outcome)) contradict(replica, named)
    return
  }
  const answer = skimServiceAnswer(reply.bytes)
  if (answer?.ok !== true) {
    if (named !== undefined) contradict(replica, named)
    return
  }
  const { client_id, session_id } = answer.result
  if (client_id !== undefined) claim(replica, holder, client_id, at)
  if (replica.whose() === undefined) return
  // What changed several sessions at once does not say which: they are all looked at again.
  if (session_id === undefined && findCommand(command)?.mutates) replica.keeper.listed(null)
  warm(replica, { command, parameters, answer, at })
  keepCreation(replica, { request, answer: answer.told, holder, at })
}
