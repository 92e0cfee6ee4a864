// What stands by for the session service: answers in its place, keeps what it answers for that service, hears what passes,
// and catches up. The one place that puts the parts of the replica together.

import type { Clock } from '../../src/clock.ts'
import type { Outcome } from '../../src/outcome.ts'
import { mayUseClient } from '../../src/protocol/client-pattern.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { claimedRoute, type RandomBytes, routeOf } from '../../src/session/session-id.ts'
import type { Log } from '../events.ts'
import type { ToDrop } from '../operate/bridge-drop.ts'
import type { Request } from '../request.ts'
import type { Chance, Timer } from '../timer.ts'
import type { Upstream, UpstreamReply } from '../upstream.ts'
import { createCourier } from './courier.ts'
import { createDesk, type Desk } from './desk.ts'
import { type Developer, developerName, openDeveloper } from './developer.ts'
import type { ClientHolding, Holding, Room } from './holdings.ts'
import { createLink, type Link } from './link.ts'
import { watchNetwork } from './network-watch.ts'
import { partOf } from './offline-commands.ts'
import type { Progress } from './replay.ts'
import type { Holder, Work } from './work.ts'

export type Sent = { readonly requestId: string; readonly deliveryId: string | undefined }

export type Standby = {
  readonly link: Pick<Link, 'isUp' | 'look' | 'suspect' | 'heard' | 'wake' | 'onLost'>
  /** The delivery id of a message that its client has named, the same after a restart; undefined while nothing is kept. */
  deliveryId(request: Request): string | undefined
  /** True if the replica comes first: work that waits must not be overtaken. */
  isAhead(request: Request): boolean
  /** Resolves when what waits for the same session has been delivered, as far as it was on its way. */
  caughtUp(request: Request): Promise<void>
  /** Answers from this machine, or says why it cannot. */
  answer(request: Request, sent: Sent): Outcome<UpstreamReply, Failure>
  /** The service has answered: gives the answer, with what the client has yet to be told. */
  passed(request: Request, reply: UpstreamReply): UpstreamReply
  status(): Status
  /** What is held for each client that is served and that the developer may use; undefined while nothing is kept. */
  clients(): readonly ClientHolding[] | undefined
  /** Takes away changes that the service refused; gives how many, undefined while nothing is kept. */
  drop(records: readonly ToDrop[]): number | undefined
  stop(): void
}

/** What the replica would tell an operator. */
export type Status = {
  readonly link: 'up' | 'down'
  /** Undefined while nothing is kept: nobody knows whose work it would be, or the folder cannot be had. */
  readonly held?: Holding
  readonly room: Room
  readonly replay?: Progress
}

type Opened = Pick<Developer, 'name' | 'close'> & {
  readonly desk: Desk | undefined
  deliveryId(body: Uint8Array): string | undefined
}

export type StandbyDependencies = {
  readonly upstream: Upstream
  /** Where everything is kept. */
  readonly folder: string
  /** The service that it is kept for, by a name that stays. */
  readonly service: string
  /** Whose work it is; undefined while the bridge's token is not good. */
  readonly holder: () => Holder | undefined
  readonly room: Room
  readonly clock: Clock
  readonly timer: Timer
  readonly chance: Chance
  readonly random: RandomBytes
  readonly newId: () => string
  readonly log: Log
  readonly addresses?: () => string
  /** What is held, or for whom, has changed, or the service is there again. Called in the middle of things. */
  readonly onHeld?: (() => void) | undefined
}

/** @example createStandby({ upstream, folder, service, holder, room, clock, timer, chance, random, newId, log }) */
export function createStandby(dependencies: StandbyDependencies): Standby {
  const { upstream, service, holder, timer, chance, clock, newId, log } = dependencies
  const link = createLink({
    probe: upstream.probe,
    renew: () => {
      upstream.renew()
      courier.interrupt()
    },
    ...{ timer, chance, log },
  })
  const onSilence = () => void link.suspect()
  const courier = createCourier({ upstream, timer, newId, onSilence })
  const endWatch = watchNetwork(timer, () => void link.look(), dependencies.addresses)
  let developer: Opened | undefined

  /** What is kept for whoever the bridge speaks for now; undefined if that is nobody. */
  function present(): Opened | undefined {
    const who = holder()
    if (who === undefined) return undefined
    const name = developerName(service, who)
    if (developer?.name !== name) {
      developer?.close()
      developer = opened(name, who)
    }
    return developer
  }

  /** Undefined if there is nobody, or the folder cannot be had. */
  function desk(): Desk | undefined {
    return present()?.desk
  }

  function opened(name: string, who: Holder): Opened {
    const found = openDeveloper(who, { ...dependencies, onFault })
    if (!found.ok) {
      log({ event: 'replica_off', detail: found.failure })
      return { name, desk: undefined, deliveryId: () => undefined, close: () => {} }
    }
    const { replicas, deliveryId, close }: Developer = found.value
    const made = createDesk({ ...dependencies, replicas, courier, link, holder: who, onFault })
    return {
      name,
      desk: made,
      deliveryId,
      close: () => {
        made.stop()
        close()
      },
    }
  }

  function onFault(error: unknown): void {
    log({
      event: 'fault',
      request_id: '',
      stack: error instanceof Error ? String(error.stack) : '',
    })
  }

  function routeFor({ message: { parameters } }: Request): string | undefined {
    const { session_id, client_id } = parameters
    if (typeof session_id === 'string' && claimedRoute(session_id) !== undefined) {
      return claimedRoute(session_id)
    }
    const who = holder()
    if (typeof client_id !== 'string' || who === undefined) return undefined
    return routeOf({ team: who.team, client_id })
  }

  function answer(request: Request, { requestId, deliveryId }: Sent) {
    const part = partOf(request.message)
    const who = holder()
    const route = routeFor(request)
    if (part === undefined) return away('only the service itself can do this')
    if (who === undefined || route === undefined) return away('nobody knows whose work this is')
    const work: Work = { request, requestId, deliveryId, part, holder: who }
    return desk()?.answer(route, work) ?? away('no replica is kept on this machine')
  }

  link.onUp(() => {
    desk()?.wake()
    dependencies.onHeld?.()
  })
  desk()

  return {
    link,
    deliveryId: ({ body }) => present()?.deliveryId(body),
    isAhead: (request) => {
      const route = routeFor(request)
      return route !== undefined && desk()?.isAhead(route, request) === true
    },
    caughtUp: async (request) => {
      const route = routeFor(request)
      if (route !== undefined) await desk()?.caughtUp(route, request)
    },
    answer,
    passed: (request, reply) => {
      const route = routeFor(request)
      const who = holder()
      const at = clock.now()
      if (route === undefined || who === undefined) return reply
      return desk()?.passed({ route, request, reply, at, holder: who }) ?? reply
    },
    status: () => ({
      link: link.isUp() ? 'up' : 'down',
      room: dependencies.room,
      ...toldBy(desk()),
    }),
    clients: () => {
      const covering = { client_ids: holder()?.client_ids ?? [] }
      return desk()
        ?.heldForEach()
        .filter(({ client_id }) => mayUseClient(covering, client_id))
    },
    drop: (records) => desk()?.drop(records),
    stop: () => {
      link.stop()
      endWatch()
      courier.interrupt()
      developer?.close()
    },
  }
}

function toldBy(desk: Desk | undefined): Pick<Status, 'held' | 'replay'> {
  if (desk === undefined) return {}
  const replay = desk.progress()
  return { held: desk.held(), ...(replay !== undefined && { replay }) }
}

function away(detail: string): { readonly ok: false; readonly failure: Failure } {
  return fail({ reason: 'upstream_unavailable', detail })
}
