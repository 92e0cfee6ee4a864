// The replicas of one developer at one service: a file for each client in a private folder, opened when they are needed,
// the ones used least closed again. A damaged file is put aside under another name, never deleted.

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../events.ts'
import { openReplica, type Replica, type ReplicaParts } from './replica.ts'
import { rescueEntries } from './tables/rescue.ts'

export type Replicas = {
  /** The replica of a client; made if there is none and `make` says so. Undefined if there is none, or it cannot be had. */
  of(route: string, options?: { readonly make: boolean }): Replica | undefined
  /** True if there is a file of this client, whether it can be had or not. */
  has(route: string): boolean
  /** The routes of all files. */
  routes(): string[]
  /** True if what waits there, and nothing else that is sealed, opens with none of the keys: they are those of another folder. */
  areLocked(): boolean
  /** Closes a replica after a fault, so that the next use reads the disk. */
  drop(route: string): void
  /** The same, told as a fault of its file or disk; false for a bug, which is none. */
  failed(route: string, error: unknown): boolean
  close(): void
}

export type ReplicasParts = ReplicaParts & { readonly folder: string; readonly log: Log }

const SUFFIX = '.sqlite'
const MOST_OPEN = 64

/** What a file that takes the place of a damaged one is called until it holds everything. */
const RESCUED = '.rescued'

/** SQLite's files: the database, its log, and what tells processes of the log. */
const PARTS = ['', '-wal', '-shm']

export function openReplicas(parts: ReplicasParts): Replicas {
  const { folder, log, clock } = parts
  const open = new Map<string, Replica>()
  const pathOf = (route: string) => join(folder, `${route}${SUFFIX}`)

  function opened(route: string): Replica | undefined {
    const path = pathOf(route)
    try {
      return openReplica(path, route, parts)
    } catch (error) {
      if (!isDamage(error)) {
        log({ event: 'replica_unusable', detail: codeOf(error) })
        return undefined
      }
      return startedAnew(route, path)
    }
  }

  /** What can be read is in a file of its own, on the disk, before the damaged one is moved: a power cut loses none of it. */
  function startedAnew(route: string, path: string): Replica | undefined {
    try {
      const rescued = rescueEntries(path)
      remove(path + RESCUED)
      const fresh = openReplica(path + RESCUED, route, parts)
      fresh.transaction(() => rescued.entries.forEach(fresh.journal.put))
      fresh.close()
      const aside = `${path}.damaged-${clock.now()}`
      for (const part of PARTS) {
        if (existsSync(path + part)) renameSync(path + part, aside + part)
      }
      renameSync(path + RESCUED, path)
      const { entries, lost } = rescued
      log({ event: 'replica_damaged', kept: entries.length, ...(lost !== undefined && { lost }) })
      return openReplica(path, route, parts)
    } catch (error) {
      log({ event: 'replica_unusable', detail: codeOf(error) })
      return undefined
    }
  }

  function keep(route: string, replica: Replica): Replica {
    open.delete(route)
    open.set(route, replica)
    const [oldest] = open.keys()
    if (open.size > MOST_OPEN && oldest !== undefined) drop(oldest)
    return replica
  }

  function routes(): string[] {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length))
  }

  function of(route: string, options?: { readonly make: boolean }): Replica | undefined {
    if (isClosed) return undefined
    const known = open.get(route)
    if (known !== undefined) return keep(route, known)
    if (options?.make !== true && !existsSync(pathOf(route))) return undefined
    const replica = opened(route)
    return replica && keep(route, replica)
  }

  function drop(route: string): void {
    const replica = open.get(route)
    open.delete(route)
    replica?.close()
  }

  function failed(route: string, error: unknown): boolean {
    drop(route)
    if (!isOfSqlite(error)) return false
    log({ event: 'replica_unusable', detail: codeOf(error) })
    return true
  }

  let isClosed = false
  takeUp(folder)

  return {
    of,
    has: (route) => existsSync(pathOf(route)),
    routes,
    areLocked: () => {
      const opens = routes().map((route) => of(route)?.opens())
      return opens.includes(false) && !opens.includes(true)
    },
    drop,
    failed,
    close: () => {
      isClosed = true
      for (const route of [...open.keys()]) drop(route)
    },
  }
}

/** Goes on where a power cut ended a rescue: the new file is whole if the damaged one has been moved. */
function takeUp(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => one.endsWith(SUFFIX + RESCUED))) {
    const from = join(folder, name)
    const path = from.slice(0, -RESCUED.length)
    if (existsSync(path)) remove(from)
    else renameSync(from, path)
  }
}

function remove(path: string): void {
  for (const part of PARTS) rmSync(path + part, { force: true })
}

/** SQLite's codes for a file that is damaged or is no database. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26])

function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'errcode' in error ? Number(error.errcode) & 0xff : undefined
  return code === undefined ? error.message === 'the file is damaged' : DAMAGE.has(code)
}

/** What the log hears of a fault: a code of the system or of SQLite. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no code'
  if ('errstr' in error) return String(error.errstr)
  return 'code' in error ? String(error.code) : error.name
}

/** True for what SQLite has to say of a file or a disk, false for a bug. */
export function isOfSqlite(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}
