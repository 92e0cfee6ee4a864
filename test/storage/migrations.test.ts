// The schema of a client's database.

import { describe, expect, it } from 'vitest'
import { UNUSED } from '../../src/session/usage.ts'
import { MIGRATIONS } from '../../src/storage/migrations.ts'
import { openSchema } from '../../src/storage/schema.ts'
import { openStore } from '../../src/storage/store.ts'
import { engineHost } from '../support/engine-host.ts'
import { tables } from '../support/engine-rows.ts'
import { create, update } from '../support/engine-sessions.ts'
import { SECOND } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'

describe('The migrations of a client', () => {
  it('are numbered from 1 without a gap', () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })

  it('make the tables that the documentation shows', () => {
    using sql = openNodeSql()
    const store = openStore(sql, 1)
    store.transaction(() => store.prepare(1))
    expect(tables(sql)).toEqual([
      'answered',
      'audit',
      'client',
      'component',
      'event',
      'registry_epoch',
      'revision',
      'schema_history',
      'session',
    ])
  })

  it('leave answers that were kept before deliveries were told, as those of none', () => {
    using sql = openNodeSql()
    openSchema(sql, MIGRATIONS.slice(0, 1), 1).prepare(1)
    sql.exec(
      "INSERT INTO answered (key, message, request, fields, opaque, at) VALUES ('key:k', '', 'r', '{}', '[]', 1)"
    )
    expect(openStore(sql, 2).answers.find('key:k')).toMatchObject({ request: 'r', delivery: '' })
  })

  it('count the use of sessions that were there before from 0 on', () => {
    using sql = openNodeSql()
    const host = engineHost(sql)
    const session_id = create(host, { state_data: { n: 0 } })
    host.clock.advance(SECOND)
    update(host, session_id, { n: 1 })
    for (const name of Object.keys(UNUSED)) sql.exec(`ALTER TABLE session DROP COLUMN ${name}`)
    sql.exec('DELETE FROM schema_history WHERE number > 2')

    const migrated = host.reopen()
    const usage = () => migrated.done('get_session_info', { session_id }).result.usage
    const { active_ms: _, ...uncounted } = { ...UNUSED, active_seconds: 0 }
    expect(usage()).toEqual(uncounted)
    host.clock.advance(SECOND)
    update(migrated, session_id, { n: 2 })
    expect(usage()).toEqual({
      ...{ updates: 1, restores: 0, bytes_written: 7 },
      ...{ last_command: 'update_session_state', active_seconds: 1 },
    })
  })

  it('make tables that refuse values of another type', () => {
    using sql = openNodeSql()
    const store = openStore(sql, 1)
    store.transaction(() => store.prepare(1))
    const strict = sql.exec<{ name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT GLOB 'sqlite_*'"
    )
    expect(strict.filter((table) => table.strict === 0)).toEqual([])
  })

  it('look up active and unreported sessions by an index', () => {
    using sql = openNodeSql()
    const store = openStore(sql, 1)
    store.transaction(() => store.prepare(1))
    const planOf = (where: string) =>
      sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN SELECT * FROM session WHERE ${where}`)[0]
        ?.detail
    expect(planOf("status = 'active' AND expires_at > 5")).toContain('session_active')
    expect(planOf('reported < sequence')).toContain('session_unreported')
  })
})
