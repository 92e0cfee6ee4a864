// What stands by for the session service: answers in its place, keeps what it answers for that service, hears what passes,
// and catches up. The one place that puts the parts of the replica together.

import type { Clock } from '../../src/clock.ts'
import type { Outcome } from '../../src/outcome.ts'
import { mayUseClient } from '../../src/protocol/client-pattern.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { claimedRoute, type RandomBytes, routeOf } from '../../src/session/session-id.ts'
import type { Log } from '../events.ts'
import type { ImagesHere } from '../images/images-here.ts'
import { type NamedImage, namedImage } from '../images/session-images.ts'
import type { ToDrop } from '../operate/bridge-drop.ts'
import type { ToRetry } from '../operate/bridge-retry.ts'
import type { Request } from '../request.ts'
import type { Chance, Timer } from '../timer.ts'
import type { Upstream, UpstreamReply } from '../upstream.ts'
import { type Courier, createCourier } from './courier.ts'
import { createDesk, type Desk } from './desk.ts'
import { type Developer, developerName, openDeveloper } from './developer.ts'
import type { ClientHolding, Holding, Room } from './holdings.ts'
import { createLink, type Link } from './link.ts'
import { watchNetwork } from './network-watch.ts'
import { partOf } from './offline-commands.ts'
import { createOwnAnswers } from './own-answers.ts'
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
  /** Which image a session works on, empty for none; undefined for a session that is not known here. */
  imageOf(sessionId: string): NamedImage | undefined
  /** The service has answered: gives the answer, with what the client has yet to be told. */
  passed(request: Request, reply: UpstreamReply): UpstreamReply
  status(): Status
  /** What is held for each client that is served and that the developer may use; undefined while nothing is kept. */
  clients(): readonly ClientHolding[] | undefined
  /** Takes away changes that the service refused; gives how many, undefined while nothing is kept. */
  drop(records: readonly ToDrop[]): number | undefined
  /** Lets changes that the service refused wait again; gives how many, undefined while nothing is kept. */
  retry(records: readonly ToRetry[]): number | undefined
  stop(): void
}

/** What the replica would tell an operator. */
export type Status = {
  readonly link: 'up' | 'down'
  /** Undefined while nothing is kept: nobody knows whose work it would be, or the folder cannot be had. */
  readonly held?: Holding
  readonly room: Room
  readonly replay?: Progress
  /** What is wrong with what is kept, and what to do. */
  readonly trouble?: string
}

type Opened = Pick<Developer, 'name' | 'close'> & {
  readonly desk: Desk | undefined
  deliveryId(body: Uint8Array): string | undefined
  /** Why there is no desk, and when it was looked at last. */
  readonly off?: { readonly detail: string; readonly at: number }
}

/** A folder that could not be had is looked at again after this time: somebody may have put it right. */
const LOOK_AGAIN_MS = 5000

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
  /** Whether the drive's own cache has to be forced too. */
  readonly fullSync: boolean
  readonly log: Log
  readonly addresses?: () => string
  /** What the bridge itself knows of images. */
  readonly imagesHere?: ImagesHere | undefined
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
  const ownAnswer = createOwnAnswers(clock)
  const courier = createCourier({ upstream, timer, newId, onSilence })
  const endWatch = watchNetwork(timer, () => void link.look(), dependencies.addresses)
  let developer: Opened | undefined

  /** What is kept for whoever the bridge speaks for now; undefined if that is nobody. */
  function present(): Opened | undefined {
    const who = holder()
    if (who === undefined) return undefined
    const name = developerName(service, who)
    const off = developer?.off
    if (developer?.name !== name) {
      developer?.close()
      developer = opened(name, who)
    } else if (off !== undefined && timer.ticks() - off.at >= LOOK_AGAIN_MS) {
      developer = opened(name, who, off.detail)
    }
    return developer
  }

  /** Undefined if there is nobody, or the folder cannot be had. */
  function desk(): Desk | undefined {
    return present()?.desk
  }

  function opened(name: string, who: Holder, known?: string): Opened {
    const found = openDeveloper(who, { ...dependencies, onFault })
    if (!found.ok) {
      const detail = found.failure
      if (detail !== known) log({ event: 'replica_off', detail })
      const off = { detail, at: timer.ticks() }
      return { name, off, desk: undefined, deliveryId: () => undefined, close: () => {} }
    }
    if (known !== undefined) log({ event: 'replica_on' })
    const { replicas, deliveryId, close }: Developer = found.value
    const own = courierOf(name)
    const made = createDesk({ ...dependencies, replicas, courier: own, link, holder: who, onFault })
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

  /** Sends nothing under another name: once the bridge speaks for somebody else, this is closed. */
  function courierOf(name: string): Courier {
    const isOver = () => {
      const who = holder()
      return who !== undefined && developerName(service, who) !== name && present()?.name !== name
    }
    return {
      ...courier,
      deliver: async (parcels) => (isOver() ? [] : courier.deliver(parcels)),
      ask: async (...question) => (isOver() ? undefined : courier.ask(...question)),
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
    const own = ownAnswer(request, requestId)
    if (own !== undefined) return own
    const part = partOf(request.message)
    const who = holder()
    const route = routeFor(request)
    if (part === undefined) return away('only the service itself can do this')
    if (who === undefined) return fail({ reason: 'unauthenticated', detail: NOBODY })
    if (route === undefined) return away(NOBODY)
    const work: Work = { request, requestId, deliveryId, part, holder: who }
    return desk()?.answer(route, work) ?? away('no replica is kept on this machine')
  }

  link.onUp(() => {
    try {
      desk()?.wake()
    } catch (error) {
      // A folder that is gone ends neither the link nor the bridge.
      onFault(error)
    }
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
    imageOf: (sessionId) => {
      const route = claimedRoute(sessionId)
      const session = route === undefined ? undefined : desk()?.imageOf(route, sessionId)
      return session && (namedImage(session) ?? {})
    },
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
      ...toldBy(present()),
    }),
    clients: () => {
      const covering = { client_ids: holder()?.client_ids ?? [] }
      return desk()
        ?.heldForEach()
        .filter(({ client_id }) => mayUseClient(covering, client_id))
    },
    drop: (records) => desk()?.drop(records),
    retry: (records) => desk()?.retry(records),
    stop: () => {
      link.stop()
      endWatch()
      courier.interrupt()
      developer?.close()
    },
  }
}

const NOBODY = 'nobody knows whose work this is'

function toldBy(opened: Opened | undefined): Pick<Status, 'held' | 'replay' | 'trouble'> {
  const { desk, off } = opened ?? {}
  if (desk === undefined) return { ...(off !== undefined && { trouble: off.detail }) }
  const replay = desk.progress()
  const trouble = desk.trouble()
  return {
    held: desk.held(),
    ...(replay !== undefined && { replay }),
    ...(trouble !== undefined && { trouble }),
  }
}

function away(detail: string): { readonly ok: false; readonly failure: Failure } {
  return fail({ reason: 'upstream_unavailable', detail })
}
