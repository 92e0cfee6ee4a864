// The Durable Object of a client: a shell around the engine. No rules, no SQL.

import { DurableObject } from 'cloudflare:workers'
import { limitsOfTier } from '../access/features.ts'
import { systemClock } from '../clock.ts'
import { type Env, readSettings, type Settings } from '../env.ts'
import type { EventStream } from '../events/event-stream.ts'
import { notOpened, openingOf } from '../events/watch.ts'
import { faultText, log } from '../log.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { CLOSE } from '../protocol/event.ts'
import { findCommand } from '../protocol/registry.ts'
import { cleanup, imagesToClean, nextCleanup } from '../session/cleanup.ts'
import { createEngine, type Engine, type Turn } from '../session/engine.ts'
import { sessionIds } from '../session/session-id.ts'
import { type Cipher, createCipher } from '../storage/cipher.ts'
import { durableSql } from '../storage/durable-sql.ts'
import { openStore, type Store } from '../storage/store.ts'
import { teamDirectory } from '../team/stub.ts'
import { callOf, createClientStream } from './event-stream.ts'
import { createImages, type Images, type Told } from './images.ts'
import { createLine } from './line.ts'
import { createReporting, type Reporting } from './reporting.ts'

/** How soon the object looks again after a change: what a report could not deliver waits no longer. */
const LOOK_AGAIN_MS = 60_000

export class ClientSessions extends DurableObject<Env> {
  readonly #settings: Settings
  readonly #store: Store
  readonly #engine: Engine
  readonly #reporting: Reporting
  readonly #images: Images
  readonly #line = createLine()
  readonly #events: EventStream
  /** When the alarm is set for; an alarm that an earlier instance has set is never put off. */
  #alarmAt = Number.POSITIVE_INFINITY

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#settings = readSettings(env)
    this.#store = openStore(durableSql(ctx.storage), systemClock.now(), cipherOf(this.#settings))
    this.#engine = createEngine({
      store: this.#store,
      clock: systemClock,
      limits: this.#settings.limits,
      limitsOfTier,
      ids: sessionIds({ secrets: this.#settings.secrets, random: randomBytes }),
      onFault: logFault,
    })
    this.#reporting = createReporting({
      store: this.#store,
      clock: systemClock,
      directoryOf: (team) => teamDirectory(env, team),
    })
    this.#images = createImages({
      clock: systemClock,
      directoryOf: (team) => teamDirectory(env, team),
      wait: (milliseconds, signal) => scheduler.wait(milliseconds, { signal }),
      behind: (work) => ctx.waitUntil(work),
    })
    this.#events = createClientStream({ sockets: ctx, store: this.#store, clock: systemClock })
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = (await ctx.storage.getAlarm()) ?? Number.POSITIVE_INFINITY
    })
  }

  /** Runs one command of the client; only one that needs to know of images waits for somebody else. */
  execute(call: Call): Reply | Promise<Reply> {
    const turn = this.#engine.admit(call)
    if (!turn.isOrdered) return this.#answer(call, turn)
    const { mutates = false, images: need } = findCommand(call.command) ?? {}
    return this.#line.inTurn(mutates, () => {
      const wanted = turn.wantedImages()
      const images =
        call.images ?? (need && wanted && this.#images.of(call.caller.team, wanted, need))
      return images instanceof Promise
        ? images.then((told) => this.#answer(call, turn, told))
        : this.#answer(call, turn, images)
    })
  }

  #answer(call: Call, turn: Turn, images?: Told): Reply {
    const reply = turn.answer(images)
    if (reply.outcome.ok && findCommand(call.command)?.mutates) this.#afterChange()
    if (this.#engine.hasNotes()) this.ctx.waitUntil(this.#afterAnswer())
    return reply
  }

  /** Opens a socket for somebody who wants to watch. */
  override fetch(request: Request): Response {
    const opening = openingOf(request)
    const { outcome } = this.#engine.execute(callOf(opening))
    if (this.#engine.hasNotes()) this.ctx.waitUntil(this.#afterAnswer())
    if (!outcome.ok) return notOpened(outcome.failure)
    // An object of nobody stores nothing, no alarm either: there is nothing to hear before somebody wakes it.
    if (this.#store.clients.find() !== undefined) this.#lookAgainBy(opening.watch.until)
    return this.#events.open(opening.watch)
  }

  /** The team is watched until then: until then every change is reported at once. */
  rouse(until: number): Promise<boolean> {
    return this.#reporting.rouse(until)
  }

  override webSocketMessage(socket: WebSocket): void {
    socket.close(CLOSE.onlyTells.code, CLOSE.onlyTells.reason)
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#events.closed(socket, code)
  }

  /** Looks again: cleans up, reports, and sets the next alarm from the rows. Never throws. */
  override async alarm(): Promise<void> {
    const { limits } = this.#settings
    this.#alarmAt = Number.POSITIVE_INFINITY
    let isDone = false
    this.#writeNotes()
    try {
      const images = await this.#imagesToClean()
      const cleaned = cleanup(this.#store, limits, systemClock.now(), images)
      if (cleaned.expired + cleaned.deleted > 0) log({ event: 'cleanup', ...cleaned })
      this.#events.push()
      isDone = await this.#reporting.flush()
      const next = nextCleanup(this.#store, limits)
      if (next !== undefined) this.#lookAgainBy(next)
      const socketEnds = this.#events.closeEnded()
      if (socketEnds !== undefined) this.#lookAgainBy(socketEnds)
    } catch (error) {
      log({ event: 'fault', where: 'client_object', error: faultText(error) })
    }
    if (!isDone) this.#lookAgainBy(systemClock.now() + LOOK_AGAIN_MS)
  }

  /** What the audit log tells of the images of sessions that end now; undefined if nobody can say. */
  #imagesToClean(): Told | Promise<Told> {
    const wanted = imagesToClean(this.#store, systemClock.now())
    const team = this.#store.clients.find()?.team
    if (wanted === undefined || team === undefined) return undefined
    return this.#images.of(team, wanted, 'status')
  }

  #afterChange(): void {
    this.#events.push()
    this.#lookAgainBy(systemClock.now() + LOOK_AGAIN_MS)
    if (this.#reporting.isDue()) this.ctx.waitUntil(this.#reporting.flush())
  }

  /** Refusals get their audit rows when the answer is on its way: it took no longer than one about nothing. */
  async #afterAnswer(): Promise<void> {
    await scheduler.wait(0)
    this.#writeNotes()
  }

  #writeNotes(): void {
    try {
      const next = this.#engine.writeNotes()
      if (next !== undefined) this.#lookAgainBy(next)
    } catch (error) {
      log({ event: 'fault', where: 'client_object', error: faultText(error) })
    }
  }

  #lookAgainBy(time: number): void {
    if (time >= this.#alarmAt) return
    this.#alarmAt = time
    this.ctx.waitUntil(this.ctx.storage.setAlarm(time))
  }
}

/** Without keys nothing is sealed. */
function cipherOf({ encryptionKeys: keys }: Settings): Cipher | undefined {
  return keys.length === 0 ? undefined : createCipher({ keys, random: randomBytes })
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}

function logFault(error: unknown, { command, request_id = '' }: Call): void {
  log({ event: 'fault', where: 'client_object', command, request_id, error: faultText(error) })
}
