// One engine over one client's database, the same for a Durable Object's SQLite and node:sqlite.

import type { ClientCommand } from '../../src/session/context.ts'
import { createEngine, type Engine } from '../../src/session/engine.ts'
import { DEFAULT_LIMITS, type Limits, type SubscriptionLimits } from '../../src/session/limits.ts'
import { type SessionIds, sessionIds } from '../../src/session/session-id.ts'
import type { Cipher } from '../../src/storage/cipher.ts'
import type { Sql } from '../../src/storage/sql.ts'
import { openStore, type Store } from '../../src/storage/store.ts'
import { seededBytes } from './engine-random.ts'
import {
  type Done,
  type Refused,
  type SendOptions,
  type Sent,
  sendTo,
  type WireParameters,
} from './engine-send.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'

export type HostOptions = {
  readonly limits?: Partial<Limits>
  readonly limitsOfTier?: (tier: string) => SubscriptionLimits
  /** Seals what is stored of states; a host opened again keeps it. */
  readonly cipher?: Cipher | undefined
  /** Puts something between the engine and its store, such as a fault. */
  readonly wrapStore?: (store: Store) => Store
}

/** Opens a host on a fresh database, and closes it when `work` is done. */
export type WithHost = (
  options: HostOptions,
  work: (host: EngineHost) => void
) => void | Promise<void>

export type EngineHost = {
  readonly engine: Engine
  readonly clock: FixedClock
  readonly store: Store
  /** The database itself, to look at rows and to damage them. */
  readonly sql: Sql
  readonly limits: Limits
  readonly ids: SessionIds
  /** What the engine reported as a fault. */
  readonly faults: readonly unknown[]
  send<Name extends ClientCommand>(
    command: Name,
    parameters?: WireParameters,
    options?: SendOptions
  ): Sent<Name>
  /** Sends a command that must succeed. */
  done<Name extends ClientCommand>(
    command: Name,
    parameters?: WireParameters,
    options?: SendOptions
  ): Done<Name>
  /** Sends a command that must be refused. */
  refused(command: ClientCommand, parameters?: WireParameters, options?: SendOptions): Refused
  /** What a host does when its answer is on its way; gives when it wants to do it again. */
  afterAnswer(): number | undefined
  /** Another engine over the same database and clock, as after a restart. */
  reopen(options?: HostOptions): EngineHost
}

/** Signs session ids in tests. */
export const SECRET = new Uint8Array(32).fill(7)

export function engineHost(
  sql: Sql,
  options: HostOptions = {},
  clock: FixedClock = fixedClock()
): EngineHost {
  const opened = openStore(sql, clock.now(), options.cipher)
  const store = options.wrapStore?.(opened) ?? opened
  const limits = { ...DEFAULT_LIMITS, forgetEvery: 1, ...options.limits }
  const ids = sessionIds({ secrets: [SECRET], random: seededBytes(clock.now()) })
  const faults: unknown[] = []
  const onFault = (error: unknown) => faults.push(error)
  const { limitsOfTier = () => ({}) } = options
  const engine = createEngine({ store, clock, limits, limitsOfTier, ids, onFault })

  function send<Name extends ClientCommand>(
    command: Name,
    parameters: WireParameters = {},
    sendOptions: SendOptions = {}
  ): Sent<Name> {
    return sendTo(engine, command, parameters, sendOptions)
  }

  return {
    engine,
    clock,
    store: opened,
    sql,
    limits,
    ids,
    faults,
    send,
    done: (command, parameters, sendOptions) => {
      const sent = send(command, parameters, sendOptions)
      if (sent.ok) return sent
      throw new Error(`${command} was refused: ${JSON.stringify(sent.failure)}`)
    },
    refused: (command, parameters, sendOptions) => {
      const sent = send(command, parameters, sendOptions)
      if (!sent.ok) return sent
      throw new Error(`${command} was not refused: ${sent.text}`)
    },
    afterAnswer: () => (engine.hasNotes() ? engine.writeNotes() : undefined),
    reopen: (again = options) => engineHost(sql, { cipher: options.cipher, ...again }, clock),
  }
}
