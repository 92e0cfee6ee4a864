// The audit log of a client: how its rows are chained, verified and forgotten. What becomes a row: audit-rules.ts.
// A row holds who, what, when, from where and how it ended; never state, parameters, names or tokens.

import type { AuditRow } from '../storage/audit.ts'
import type { AuditChain } from '../storage/clients.ts'
import type { Store } from '../storage/store.ts'
import { sha256 } from './digest.ts'
import type { Limits } from './limits.ts'

/** A few facts about an event. */
export type Detail = Readonly<Record<string, string | number | boolean>>

/** An event that is to become a row. */
export type Entry = Omit<AuditRow, 'sequence' | 'detail' | 'previous' | 'hash'> & {
  readonly detail: Detail
}

/** Who acts where nobody asked: time. */
export const SERVICE = 'service'

/** Adds rows, and forgets the oldest beyond the limit. Where nobody has created a session nothing is stored. */
export function append(store: Store, { auditKept }: Limits, entries: readonly Entry[]): void {
  let chain = entries.length === 0 ? undefined : store.clients.auditChain()
  if (chain === undefined) return
  for (const entry of entries) {
    const row = chained(entry, chain)
    store.audit.insert(row)
    chain = { ...chain, sequence: row.sequence, head: row.hash }
  }
  const isFull = chain.sequence - chain.forgotten > auditKept
  const surplus = chain.sequence - auditKept + forgottenTogether(auditKept)
  store.clients.saveAuditChain(isFull ? forgotten(store, chain, surplus) : chain)
}

/** Forgets the rows that are as old as `time`, the oldest first. */
export function forgetUpTo(store: Store, time: number): void {
  const last = store.audit.lastUpTo(time)
  const chain = last === undefined ? undefined : store.clients.auditChain()
  if (last === undefined || chain === undefined) return
  store.clients.saveAuditChain(forgotten(store, chain, last))
}

/** The first row that is not what was written, or is not there; undefined if the chain is whole. */
export function brokenAt(rows: readonly AuditRow[], chain: AuditChain): number | undefined {
  let expected = chain.forgotten + 1
  let previous = chain.anchor
  for (const row of rows) {
    const isNext = row.sequence === expected && expected <= chain.sequence
    if (!isNext || row.previous !== previous || row.hash !== hashOf(row)) return named(expected)
    expected += 1
    previous = row.hash
  }
  const isWhole = expected === chain.sequence + 1 && previous === chain.head
  return isWhole ? undefined : named(Math.min(expected, chain.sequence))
}

/** The hash is over what is stored, and storage knows whole characters only. */
function chained(entry: Entry, { sequence, head }: AuditChain): AuditRow {
  const row = {
    at: entry.at,
    actor: entry.actor.toWellFormed(),
    action: entry.action.toWellFormed(),
    session_id: entry.session_id.toWellFormed(),
    address: entry.address.toWellFormed(),
    outcome: entry.outcome.toWellFormed(),
    detail: JSON.stringify(entry.detail),
    times: entry.times,
    sequence: sequence + 1,
    previous: head,
  }
  return { ...row, hash: hashOf(row) }
}

/** SHA-256 over the JSON array of everything else that the row says: a reader of the log can do it again. */
function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { actor, action, session_id, address, outcome } = row
  const words = [actor, action, session_id, address, outcome].map((word) => JSON.stringify(word))
  const { sequence, at, detail, times, previous } = row
  return sha256(`[${[sequence, at, ...words, detail, times, JSON.stringify(previous)].join(',')}]`)
}

/** The chain without its rows up to this one, which are deleted. */
function forgotten(store: Store, chain: AuditChain, upTo: number): AuditChain {
  const anchor = store.audit.find(upTo)?.hash ?? chain.anchor
  store.audit.deleteUpTo(upTo)
  return { ...chain, forgotten: upTo, anchor }
}

/** Old rows go together, so that not every new one deletes an old one. */
function forgottenTogether(auditKept: number): number {
  return Math.ceil(auditKept / 20)
}

/** Rows count from 1, whatever a damaged row says. */
function named(sequence: number): number {
  return Math.max(1, sequence)
}
