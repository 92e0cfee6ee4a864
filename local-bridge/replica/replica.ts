// One client's sessions on this machine: the session engine over a file of its own, and the journal in the same file, so
// that a change and its entry are on the disk together or not at all.

import type { Clock } from '../../src/clock.ts'
import type { Caller } from '../../src/protocol/call.ts'
import { createEngine, type Engine } from '../../src/session/engine.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/session/limits.ts'
import {
  type RandomBytes,
  type SessionIds,
  sessionIdsWithKey,
} from '../../src/session/session-id.ts'
import type { Cipher } from '../../src/storage/cipher.ts'
import { openStore, type Store } from '../../src/storage/store.ts'
import type { ImagesHere } from '../images/images-here.ts'
import { type NodeSql, openNodeSql } from './node-sql.ts'
import { type Copies, copyTable } from './tables/copies.ts'
import { type Journal, journalTable, type Whose } from './tables/journal.ts'
import { type Keeper, keeperTable } from './tables/keeper.ts'
import { prepareReplica } from './tables/schema.ts'
import type { Holder } from './work.ts'

export type Replica = {
  readonly route: string
  readonly store: Store
  readonly engine: Engine
  readonly limits: Limits
  readonly copies: Copies
  readonly journal: Journal
  readonly keeper: Keeper
  /** What this machine itself knows of images. */
  readonly imagesHere: ImagesHere
  /** Everything in it is on the disk when it returns. */
  transaction<T>(work: () => T): T
  /** For what can be asked for again: it may be lost when the machine loses power. */
  lightly<T>(work: () => T): T
  /** Whose it is; undefined while it holds no session. */
  whose(): Whose | undefined
  /** True if anything that is sealed in it opens with the keys that are there; undefined if nothing is sealed. */
  opens(): boolean | undefined
  /** Gives room that the file does not need back to the disk, a little at a time; true if there is more. */
  giveBack(): boolean
  close(): void
}

export type ReplicaParts = {
  readonly cipher: Cipher
  readonly clock: Clock
  readonly random: RandomBytes
  readonly onFault: (error: unknown) => void
  /** Nothing is known of images if absent. */
  readonly imagesHere?: ImagesHere | undefined
  /** Whether the drive's own cache has to be forced too; false if absent. */
  readonly fullSync?: boolean
}

/** Pages that are given back at once: some milliseconds of work. */
const PAGES_AT_ONCE = 256

/** The bridge's own TUIs are not slowed down here: the service counts what is delivered. */
const NO_RATE = { perMinute: Number.MAX_SAFE_INTEGER, burst: Number.MAX_SAFE_INTEGER }

/** Opens the file of a client; throws if it is damaged or cannot be had. */
export function openReplica(path: string, route: string, parts: ReplicaParts): Replica {
  const { fullSync = false } = parts
  const sql = openNodeSql(path, { fullSync })
  try {
    if (!sql.isSound()) throw new Error('the file is damaged')
    return withTables(sql, route, parts)
  } catch (error) {
    sql[Symbol.dispose]()
    throw error
  }
}

function withTables(sql: NodeSql, route: string, parts: ReplicaParts): Replica {
  const { cipher, clock, random, onFault, imagesHere = () => undefined } = parts
  prepareReplica(sql)
  const store = openStore(sql, clock.now(), cipher)
  const keeper = keeperTable(sql, cipher)
  const ids = idsOf(keeper, random)
  const limits = limitsOf(keeper)
  const journal = journalTable(sql, cipher)
  const whose = () => {
    const owner = store.clients.find()
    return owner && { team: owner.team, client_id: owner.client_id }
  }
  const engine = createEngine({ store, clock, limits, ids, isCopy: true, onFault })
  return {
    route,
    store,
    engine,
    limits,
    copies: copyTable(sql),
    journal,
    keeper,
    imagesHere,
    transaction: sql.transaction,
    lightly: sql.lightly,
    whose,
    opens: () => {
      const owner = whose()
      const opened = [journal.opens(), owner && keeper.opens(owner)]
      return opened.find((is) => is) ?? opened.find((is) => is !== undefined)
    },
    giveBack: () => sql.mayGiveBack() && sql.giveBack(PAGES_AT_ONCE),
    close: () => sql[Symbol.dispose](),
  }
}

function limitsOf(keeper: Keeper): Limits {
  return {
    ...DEFAULT_LIMITS,
    creations: NO_RATE,
    commands: NO_RATE,
    get activeSessions() {
      return keeper.activeSessions() ?? DEFAULT_LIMITS.activeSessions
    },
  }
}

/** The key comes from the service, at any time; who asks for an id without it has not looked first. */
function idsOf(keeper: Keeper, random: RandomBytes): SessionIds {
  const withKey = (owner: Whose) => {
    const key = keeper.mintKey(owner)
    return key && sessionIdsWithKey({ key, random })
  }
  const needed = (owner: Whose) => {
    const ids = withKey(owner)
    if (ids === undefined) throw new Error('the key that mints ids is not here')
    return ids
  }
  return {
    mint: (owner, ordinal, nowMs) => needed(owner).mint(owner, ordinal, nowMs),
    isOf: (owner, sessionId) => withKey(owner)?.isOf(owner, sessionId) ?? false,
    keyOf: (owner) => needed(owner).keyOf(owner),
  }
}

/** Who the engine is asked as. Tiers are the service's business: what it allows is learned from its answers. */
export function callerOf({ team, subject, client_ids }: Holder): Caller {
  return { team, subject, client_ids }
}

/** The service has answered this developer about the client: the client is theirs. */
export function claim(
  { store }: Replica,
  { team, subject }: Holder,
  client_id: string,
  now: number
): void {
  if (store.clients.find() !== undefined) return
  store.prepare(now)
  store.clients.insert({
    team,
    client_id,
    owner: subject,
    created_at: now,
    sessions_created: 0,
    creation_tokens: NO_RATE.burst,
    creation_refilled_at: now,
  })
}
