// The Durable Object of a client: a shell around the engine. No rules, no SQL.

import { DurableObject } from 'cloudflare:workers'
import { TIER_LIMITS } from '../access/features.ts'
import type { Tier } from '../access/principal.ts'
import { systemClock } from '../clock.ts'
import { type Env, readSettings, type Settings } from '../env.ts'
import { faultText, log } from '../log.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { findCommand } from '../protocol/registry.ts'
import { cleanup, nextCleanup } from '../session/cleanup.ts'
import { createEngine, type Engine } from '../session/engine.ts'
import type { Limits } from '../session/limits.ts'
import { sessionIds } from '../session/session-id.ts'
import { type Cipher, createCipher } from '../storage/cipher.ts'
import { durableSql } from '../storage/durable-sql.ts'
import { openStore, type Store } from '../storage/store.ts'
import { teamDirectory } from '../team/stub.ts'
import { createReporting, type Reporting } from './reporting.ts'

/** How soon the object looks again after a change: what a report could not deliver waits no longer. */
const LOOK_AGAIN_MS = 60_000

export class ClientSessions extends DurableObject<Env> {
  readonly #settings: Settings
  readonly #store: Store
  readonly #engine: Engine
  readonly #reporting: Reporting
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
      directoryOf: (team) => teamDirectory(env, team),
    })
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = (await ctx.storage.getAlarm()) ?? Number.POSITIVE_INFINITY
    })
  }

  /** Runs one command of the client. */
  execute(call: Call): Reply {
    const reply = this.#engine.execute(call)
    if (reply.outcome.ok && findCommand(call.command)?.mutates) this.#afterChange()
    return reply
  }

  /** Looks again: cleans up, reports, and sets the next alarm from the rows. Never throws. */
  override async alarm(): Promise<void> {
    const { limits } = this.#settings
    this.#alarmAt = Number.POSITIVE_INFINITY
    let isDone = false
    try {
      const cleaned = cleanup(this.#store, limits, systemClock.now())
      if (cleaned.expired + cleaned.deleted > 0) log({ event: 'cleanup', ...cleaned })
      isDone = await this.#reporting.flush()
      const next = nextCleanup(this.#store, limits)
      if (next !== undefined) this.#lookAgainBy(next)
    } catch (error) {
      log({ event: 'fault', where: 'client_object', error: faultText(error) })
    }
    if (!isDone) this.#lookAgainBy(systemClock.now() + LOOK_AGAIN_MS)
  }

  #afterChange(): void {
    this.#lookAgainBy(systemClock.now() + LOOK_AGAIN_MS)
    if (this.#store.sessions.hasNews()) this.ctx.waitUntil(this.#reporting.flush())
  }

  #lookAgainBy(time: number): void {
    if (time >= this.#alarmAt) return
    this.#alarmAt = time
    this.ctx.waitUntil(this.ctx.storage.setAlarm(time))
  }
}

/** A tier that nobody knows is the least. */
function limitsOfTier(tier: string): Partial<Limits> {
  return Object.hasOwn(TIER_LIMITS, tier) ? TIER_LIMITS[tier as Tier] : TIER_LIMITS.free
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
