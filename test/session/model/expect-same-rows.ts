// Compares the rows of the engine with the model.

import { expect } from 'vitest'
import type { Manifest } from '../../../src/session/manifest.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import {
  activeOf,
  bytesOf,
  MODEL_LIMITS,
  type Model,
  type ModelSession,
  statusOf,
} from './client-model.ts'
import { storedBytes } from './history-model.ts'

type Row = {
  readonly number: number
  readonly session_id: string
  readonly status: string
  readonly expires_at: number
  readonly last_activity: number
  readonly last_modified: number
  readonly revision: number
  readonly state_bytes: number
  readonly stored_bytes: number
  readonly updates: number
  readonly restores: number
  readonly bytes_written: number
  readonly active_ms: number
  readonly last_command: string
}

/** The same sessions in the same states, and never more active ones than there may be. */
export function expectSameRows({ sql }: EngineHost, model: Model): void {
  if (model.sessions.length === 0 && sql.exec(HAS_SCHEMA).length === 0) return
  const rows = sql.exec<Row>("SELECT * FROM session WHERE status <> 'deleted' ORDER BY number")
  expect(rows.map((row) => summary(row, model))).toEqual(
    model.sessions.map((session) => expected(session, model))
  )
  expect(activeOf(model).length).toBeLessThanOrEqual(MODEL_LIMITS.activeSessions)
  expect(sql.exec(WRONG_BYTES)).toEqual([])
  expect(rows.map((row) => stateOf(sql, row))).toEqual(
    model.sessions.map(({ newest }) =>
      Object.fromEntries([...newest.state].map(([component, { text }]) => [component, text]))
    )
  )
}

const HAS_SCHEMA = "SELECT 1 AS yes FROM sqlite_master WHERE name = 'schema_history'"

/** Sessions whose measure of stored bytes is not that of their texts. */
const WRONG_BYTES = `SELECT session_id, stored_bytes,
    (SELECT coalesce(sum(length(CAST(text AS BLOB))), 0) FROM component WHERE session = number) AS found
  FROM session WHERE stored_bytes <> found`

function summary(row: Row, { clock }: Model) {
  const isOver = row.status === 'active' && row.expires_at <= clock.now()
  return {
    id: row.session_id,
    status: isOver ? 'expired' : row.status,
    lastActivity: row.last_activity,
    lastModified: row.last_modified,
    revision: row.revision,
    bytes: row.state_bytes,
    stored: row.stored_bytes,
    usage: {
      updates: row.updates,
      restores: row.restores,
      bytes: row.bytes_written,
      activeMs: row.active_ms,
      last: row.last_command,
    },
  }
}

function expected(session: ModelSession, model: Model) {
  return {
    id: session.id,
    status: statusOf(model, session),
    lastActivity: session.lastActivity,
    lastModified: session.lastModified,
    revision: session.newest.revision,
    bytes: bytesOf(session.newest.state),
    stored: storedBytes(session),
    usage: session.usage,
  }
}

function stateOf(sql: EngineHost['sql'], { number, revision }: Row): Record<string, unknown> {
  const manifest = sql.exec<{ manifest: string }>(
    'SELECT manifest FROM revision WHERE session = ? AND revision = ?',
    number,
    revision
  )[0]?.manifest
  const entries = Object.entries(JSON.parse(manifest ?? '{}') as Manifest)
  return Object.fromEntries(
    entries.map(([component, entry]) => [
      component,
      sql.exec<{ text: string }>(
        'SELECT text FROM component WHERE session = ? AND component = ? AND revision = ?',
        number,
        component,
        entry.revision
      )[0]?.text,
    ])
  )
}
