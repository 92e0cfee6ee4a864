// The records of a journal as people and programs read them. Pure: the time comes in. Never a message.

import { isoTime } from '../../../src/clock.ts'
import { KEYS_MISSING } from '../../replica/key-file.ts'
import { harmless } from '../../sessions/harmless.ts'
import { counted, duration, size } from '../words.ts'
import { type JournalRecord, meaningOf, type Records } from './records.ts'

const INDENT = ' '.repeat(10)

/** A record in three lines, and what can be done below all of them. */
export function listText({ records, unreadable, isLocked }: Records, now: number): string {
  const developers = new Set(records.map(({ file }) => file.developer))
  const isOfSeveral = developers.size > 1
  const lines = records.map((record) => recordText(record, { now, isOfSeveral }))
  return `${lines.join('')}${lines.length > 0 ? '\n' : ''}${summary(records)}${isLocked ? LOCKED : ''}${brokenText(unreadable)}`
}

const LOCKED = `Nothing of it is delivered now: the key file ${KEYS_MISSING}.\n`

type Told = { readonly now: number; readonly isOfSeveral: boolean }

function recordText(record: JournalRecord, { now, isOfSeveral }: Told): string {
  const { sequence, command, client_id, session_id, at, bytes, refused, file } = record
  const of = isOfSeveral ? `, developer ${file.developer.slice(0, 8)}` : ''
  const state = refused === null ? 'waiting' : 'REFUSED'
  const what = `${harmless(command)} of ${harmless(client_id)}${of}`
  const why = refused === null ? '' : `${INDENT}${harmless(refused)}: ${meaningOf(refused)}\n`
  const about = session_id === '' ? '' : `${INDENT}${harmless(session_id)}\n`
  const when = `${duration(now - at)} ago, ${size(bytes)}`
  return `${String(sequence).padEnd(INDENT.length)}${state}  ${what}, ${when}\n${about}${why}`
}

function summary(records: readonly JournalRecord[]): string {
  if (records.length === 0) return 'Nothing waits for the service, and nothing was refused.\n'
  const refused = records.filter((record) => record.refused !== null).length
  const waiting = records.length - refused
  const first =
    waiting === 0
      ? 'Nothing waits for the service'
      : `${counted(waiting, 'change')} waiting: delivered while the bridge runs and the service answers`
  if (refused === 0) return `${first}.\n`
  return `${first}. ${counted(refused, 'change')} refused for good and kept.
stui-bridge journal retry <sequence…> sends refused ones again, once the cause is gone; journal export <file> saves them with their messages; journal drop <sequence…> takes them away.\n`
}

/** What could not be read, and what to do; empty if that is nothing. */
export function brokenText(unreadable: readonly string[]): string {
  if (unreadable.length === 0) return ''
  return `${counted(unreadable.length, 'file')} cannot be read: start the bridge, which puts damaged files aside and keeps what can be read.\n`
}

/** One line for programs. */
export function listJson({ records, unreadable, isLocked }: Records): string {
  const rows = { records: records.map(told), unreadable_files: unreadable.length }
  return `${JSON.stringify({ ...rows, keys_missing: isLocked })}\n`
}

/** What is told of a record to a program, here and in an export. */
export function told({ sequence, session_id, client_id, command, ...rest }: JournalRecord) {
  const { delivery_id, bytes, at, refused, file } = rest
  return {
    ...{ sequence, client_id, session_id, command, acknowledged_at: isoTime(at), bytes },
    state: refused === null ? ('waiting' as const) : ('refused' as const),
    ...{ reason: refused, meaning: refused === null ? null : meaningOf(refused) },
    ...{ delivery_id, developer: file.developer },
  }
}
