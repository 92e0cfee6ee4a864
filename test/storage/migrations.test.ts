// The schema of a client's database.

import { describe, expect, it } from 'vitest'
import { MIGRATIONS } from '../../src/storage/migrations.ts'
import { openSchema } from '../../src/storage/schema.ts'
import { openStore } from '../../src/storage/store.ts'
import { tables } from '../support/engine-rows.ts'
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
