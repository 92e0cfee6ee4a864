// Migrations: forward only, in one transaction, and none before the first write.

import { describe, expect, it } from 'vitest'
import { type Migration, openSchema } from '../../src/storage/schema.ts'
import type { Sql } from '../../src/storage/sql.ts'
import { openStore } from '../../src/storage/store.ts'
import { tables } from '../support/engine-rows.ts'
import { openNodeSql } from '../support/node-sql.ts'

const FIRST: Migration = {
  number: 1,
  statements: ['CREATE TABLE word (text TEXT NOT NULL) STRICT', "INSERT INTO word VALUES ('one')"],
}
const SECOND: Migration = {
  number: 2,
  statements: ["INSERT INTO word VALUES ('two')"],
}
const BROKEN: Migration = {
  number: 2,
  statements: ["INSERT INTO word VALUES ('lost')", 'CREATE NONSENSE'],
}

const words = (sql: Sql) => sql.exec('SELECT text FROM word ORDER BY rowid').map(({ text }) => text)

function prepared(sql: Sql, migrations: readonly Migration[], now = 1) {
  const schema = openSchema(sql, migrations, now)
  schema.sql.transaction(() => schema.prepare(now))
  return schema
}

describe('A database without a schema', () => {
  it('answers every question with no rows and stores nothing', () => {
    using sql = openNodeSql()
    const schema = openSchema(sql, [FIRST], 1)
    expect(schema.sql.exec('SELECT text FROM word')).toEqual([])
    expect(tables(sql)).toEqual([])
  })

  it('gives a store that knows no client and no session', () => {
    using sql = openNodeSql()
    const store = openStore(sql, 1)
    expect(store.clients.find()).toBeUndefined()
    expect(store.sessions.find('session_x')).toBeUndefined()
    expect(store.sessions.hasNews()).toBe(false)
    expect(store.sessions.nextExpiry()).toBeUndefined()
    expect(store.answers.oldest()).toBeUndefined()
    expect(tables(sql)).toEqual([])
  })

  it('gets all migrations when it is prepared, and a record of each', () => {
    using sql = openNodeSql()
    const schema = prepared(sql, [FIRST, SECOND], 42)
    expect(words(schema.sql)).toEqual(['one', 'two'])
    expect(sql.exec('SELECT * FROM schema_history')).toEqual([
      { number: 1, applied_at: 42 },
      { number: 2, applied_at: 42 },
    ])
  })

  it('is prepared once, however often it is asked', () => {
    using sql = openNodeSql()
    const schema = prepared(sql, [FIRST])
    schema.prepare(2)
    expect(words(sql)).toEqual(['one'])
  })

  it('stays without one when the write that prepared it fails, and can be prepared again', () => {
    using sql = openNodeSql()
    const schema = openSchema(sql, [FIRST], 1)
    const failing = () =>
      schema.sql.transaction(() => {
        schema.prepare(1)
        throw new Error('the write failed')
      })
    expect(failing).toThrow('the write failed')
    expect(tables(sql)).toEqual([])
    expect(schema.sql.exec('SELECT text FROM word')).toEqual([])
    schema.sql.transaction(() => schema.prepare(2))
    expect(words(schema.sql)).toEqual(['one'])
  })

  it('stays without one when a migration fails', () => {
    using sql = openNodeSql()
    expect(() => prepared(sql, [FIRST, BROKEN])).toThrow()
    expect(tables(sql)).toEqual([])
  })
})

describe('A database with an older schema', () => {
  it('is brought to the newest when it is opened', () => {
    using sql = openNodeSql()
    prepared(sql, [FIRST], 1)
    const schema = openSchema(sql, [FIRST, SECOND], 7)
    expect(words(schema.sql)).toEqual(['one', 'two'])
    expect(sql.exec('SELECT number, applied_at FROM schema_history')).toEqual([
      { number: 1, applied_at: 1 },
      { number: 2, applied_at: 7 },
    ])
  })

  it('stays as it was when a migration fails', () => {
    using sql = openNodeSql()
    prepared(sql, [FIRST])
    expect(() => openSchema(sql, [FIRST, BROKEN], 2)).toThrow()
    expect(words(sql)).toEqual(['one'])
    expect(sql.exec('SELECT number FROM schema_history')).toEqual([{ number: 1 }])
  })

  it('opened again is left alone', () => {
    using sql = openNodeSql()
    prepared(sql, [FIRST, SECOND])
    openSchema(sql, [FIRST, SECOND], 9)
    expect(words(sql)).toEqual(['one', 'two'])
  })

  it('opened by an older program keeps what the newer one made', () => {
    using sql = openNodeSql()
    prepared(sql, [FIRST, SECOND])
    const schema = openSchema(sql, [FIRST], 9)
    expect(words(schema.sql)).toEqual(['one', 'two'])
  })
})
