// Lets the commands of a client in and answers them: whose object is it, has the caller a token left, then the command.
// Runtime-neutral and synchronous; the only place where a fault is caught.

import type { Clock } from '../clock.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { findCommand, makesSession } from '../protocol/registry.ts'
import type { Owner } from '../storage/clients.ts'
import type { Store } from '../storage/store.ts'
import { redirected } from './acknowledged.ts'
import { createAllowance } from './allowance.ts'
import { createNotes } from './audit-notes.ts'
import { noteOf } from './audit-rules.ts'
import type { Context } from './context.ts'
import { wantedImages } from './images.ts'
import { bindingLimits, type Limits, type SubscriptionLimits } from './limits.ts'
import { tierFor } from './owner-tier.ts'
import { resultText } from './result-text.ts'
import { isAnswered, type Run, refused, runOnce } from './run-once.ts'
import type { SessionIds } from './session-id.ts'
import { maySee, nobodysStore } from './whose.ts'

export type Engine = {
  /** Lets a call in: it has cost its token, and is answered when it is its turn. */
  admit(call: Call): Turn
  /** Answers a call at once, whatever is known of images. */
  execute(call: Call): Reply
  /** True while refusals wait for their rows in the audit log. */
  hasNotes(): boolean
  /** Writes those rows as far as they are due; gives when the rest will be. To be called after the answer. */
  writeNotes(): number | undefined
}

/** A call that was let in. */
export type Turn = {
  /** False if what came before it is of no matter: to the caller the object is empty, or there is no token left. */
  readonly isOrdered: boolean
  /**
   * What the answer will need to know of images; undefined if nothing, as for a call that is refused or was answered
   * before, and for everybody who may not see the object. An object of nobody is seen by whoever creates its first session.
   */
  wantedImages(): WantedImages | undefined
  /** Answers the call, once, with what the directory says of the images that were wanted. */
  answer(images?: readonly KnownImage[]): Reply
}

export type EngineParts = {
  readonly store: Store
  readonly clock: Clock
  readonly limits: Limits
  /** What a subscription says about limits; without it the operator's bind. */
  readonly limitsOfTier?: (tier: string) => SubscriptionLimits
  readonly ids: SessionIds
  /** True for a copy on a developer's machine. */
  readonly isCopy?: boolean
  /** Hears of a fault that the client is told as `internal_error`. */
  readonly onFault: (error: unknown, call: Call) => void
}

type Told = Run & { readonly client_id?: string }

/** What is known when a call is answered. */
type Known = Pick<Context, 'images' | 'isDirectorySilent' | 'warn'>

/** The engine over one client's store. */
export function createEngine(parts: EngineParts): Engine {
  const { store, clock, limits, limitsOfTier, ids, isCopy = false, onFault } = parts
  const allowance = createAllowance(limits.commands, clock.now())
  const nobodys = nobodysStore()
  const notes = createNotes(store, limits)
  let known: Owner | undefined

  function limitsOf(tier: string | undefined): Limits {
    if (tier === undefined || limitsOfTier === undefined) return limits
    return bindingLimits(limits, limitsOfTier(tier))
  }

  /** Whose object this is; once it is somebody's, it stays theirs. */
  function ownerNow(): Owner | undefined {
    known ??= store.clients.find()
    return known
  }

  /** A fault is left to the command itself, which meets it again. */
  function unlessFault<T>(look: (owner: Owner | undefined) => T): T | undefined {
    try {
      return look(ownerNow())
    } catch {
      return undefined
    }
  }

  function isSeen({ command, caller, parameters }: Call): boolean {
    return known === undefined || maySee(known, caller, parameters.client_id, findCommand(command))
  }

  /**
   * Whose object this is decides what can be seen: for anybody else it is empty. One of nobody is asked nothing either
   * unless a session is made in it, so that it is refused as soon as one that is somebody else's.
   */
  function contextOf(call: Call, now: number, about: Known): Context {
    const { caller, parameters, acknowledged } = call
    const owner = isSeen(call) ? known : undefined
    const claimed = parameters.client_id
    const client_id = owner?.client_id ?? (typeof claimed === 'string' ? claimed : '')
    const isAsked = owner !== undefined || (known === undefined && makesSession(call.command))
    const own = isAsked ? store : nobodys
    const limits = limitsOf(tierFor(own, caller, owner))
    const told = { store: own, owner, client_id, limits, ids, isCopy, caller, now }
    return { ...told, ...about, acknowledged, audit: () => {} }
  }

  function imagesFor(call: Call): WantedImages | undefined {
    if (findCommand(call.command)?.images === undefined) return undefined
    return unlessFault((owner) => {
      const makesFirst = owner === undefined && makesSession(call.command)
      if (!isSeen(call) || (owner === undefined && !makesFirst)) return undefined
      const now = clock.now()
      const wanted = wantedImages(store, redirected(call), now)
      if (wanted === undefined) return undefined
      const context = contextOf(call, now, { isDirectorySilent: false, warn: () => {} })
      return isAnswered(call, context) ? undefined : wanted
    })
  }

  function run(call: Call, waitMs: number, about: Known): Told {
    const now = clock.now()
    try {
      const owner = ownerNow()
      const context = contextOf(call, now, about)
      const isOwn = isSeen(call)
      const done =
        waitMs > 0
          ? refused({ reason: 'rate_limited', retry_after_ms: waitMs })
          : runOnce(call, { context, isOwn, notes })
      const declaration = findCommand(call.command)
      if (owner === undefined && ownerNow() !== undefined) allowance.takeFirst(now)
      const note = noteOf({ call, declaration, owner, isStranger: !isOwn, now }, done.outcome)
      if (note !== undefined) notes.add(note)
      const isTold = context.client_id !== '' && waitMs === 0
      return isTold ? { ...done, client_id: context.client_id } : done
    } catch (error) {
      onFault(error, call)
      return refused({ reason: 'internal_error' })
    }
  }

  function admit(call: Call): Turn {
    const owner = unlessFault((found) => found)
    const waitMs = allowance.take(owner, call, clock.now())
    let wanted: WantedImages | undefined
    return {
      isOrdered: waitMs === 0 && isSeen(call),
      wantedImages: () => {
        wanted = waitMs > 0 ? undefined : imagesFor(call)
        return wanted
      },
      answer: (images) => {
        const warnings: string[] = []
        const { outcome, ...told } = run(call, waitMs, {
          images,
          isDirectorySilent: wanted !== undefined && images === undefined,
          warn: (sentence) => warnings.push(sentence),
        })
        return {
          outcome: outcome.ok ? { ok: true, value: resultText(outcome.value) } : outcome,
          ...told,
          warnings,
        }
      },
    }
  }

  return {
    admit,
    execute: (call) => {
      const turn = admit(call)
      turn.wantedImages()
      return turn.answer()
    },
    hasNotes: notes.isPending,
    writeNotes: () => notes.write(clock.now()),
  }
}
