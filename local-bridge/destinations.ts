// Where messages go: to the session service, or to the image that is meant. What passes through is looked at for one thing,
// which image a session works on.

import { type Failure, fail } from '../src/protocol/failures.ts'
import { type Arrival, type Asked, createCalls, type Result } from './calls.ts'
import { createImageCalls } from './images/image-calls.ts'
import type { ImageLimits } from './images/image-limits.ts'
import type { Images } from './images/images.ts'
import { createSessionImages, namedImage, tellsImage } from './images/session-images.ts'
import { createMemory } from './memory.ts'
import type { RelayDependencies } from './relay.ts'
import type { Reply } from './reply-queue.ts'
import type { Foreign, Request } from './request.ts'
import type { Expired } from './revival.ts'
import type { UpstreamReply } from './upstream.ts'

/** The images, and how much may be asked of them. */
export type PassThrough = { readonly images: Images; readonly limits: ImageLimits }

/** An answer as it came, and what the log says of it. */
export type Answered = {
  readonly bytes: Reply
  readonly outcome: string
  readonly image?: string
}

export type Destinations = {
  ask(request: Request | Foreign, arrival: Arrival): Asked<Answered>
  /** Says that a reply reached nobody. */
  undelivered(reply: Reply): void
  /** Ends every call that runs. */
  abandon(): void
}

export type DestinationsDependencies = RelayDependencies & {
  readonly newId: () => string
  readonly expired?: Expired | undefined
  readonly passThrough?: PassThrough | undefined
}

export function createDestinations({
  passThrough,
  ...dependencies
}: DestinationsDependencies): Destinations {
  const { timer, limits, log } = dependencies
  const latestOfPeer = createMemory<string>({
    ...{ timer, entries: limits.remembered, ms: limits.upstreamMs },
  })
  const calls = createCalls({ ...dependencies, latestOfPeer })
  const sessions = createSessionImages(
    passThrough?.limits.sessions ?? 0,
    dependencies.standby?.imageOf
  )
  const images =
    passThrough && createImageCalls({ ...passThrough, sessions, latestOfPeer, timer, log })

  function askService(request: Request, arrival: Arrival): Asked<UpstreamReply> {
    const asked = calls.ask(request, arrival)
    const { command, parameters } = request.message
    const isTelling = images !== undefined && tellsImage(command, namedImage(parameters))
    if (!isTelling || asked.joined !== undefined) return asked
    const before = sessions.learned()
    // The call's own end, which may come when its client was told to wait no longer.
    const learn = (given: Result) => {
      if (given.ok && given.value.outcome === 'success') sessions.learn(given.value.bytes, before)
    }
    void asked.held.then(learn, () => {})
    return asked
  }

  return {
    ask: (request, arrival) => {
      if (request.to === 'service') return askService(request, arrival)
      return images?.ask(request, arrival) ?? refused(request.unknown)
    },
    undelivered: (reply) => {
      calls.undelivered(reply)
      images?.undelivered(reply)
    },
    abandon: () => {
      calls.abandon()
      passThrough?.images.close()
    },
  }
}

function refused(failure: Failure): Asked<never> {
  const outcome = Promise.resolve(fail(failure))
  return { outcome, held: outcome }
}
