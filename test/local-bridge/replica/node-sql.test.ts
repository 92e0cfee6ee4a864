import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openNodeSql } from '../../../local-bridge/replica/node-sql.ts'

const MARKER = 'a-marker-that-was-bound'
const LARGE = MARKER.repeat(1000)

/** The statements that SQLite is given from now on. */
function preparedFromNow(): () => StatementSync[] {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  return () => prepare.mock.results.map(({ value }) => value)
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a database of the replica', () => {
  it.each([
    ['text', LARGE],
    ['bytes', Buffer.from(LARGE)],
  ])('keeps no copy of large %s once the statement has run', (_, large) => {
    const statements = preparedFromNow()
    using sql = openNodeSql()
    expect(sql.exec('SELECT length(?) AS length', large)).toEqual([{ length: LARGE.length }])
    expect(statements().map(({ expandedSQL }) => expandedSQL)).toEqual([
      'SELECT length(NULL) AS length',
    ])
  })

  it('keeps none of a statement that was refused, and says why it was', () => {
    const statements = preparedFromNow()
    using sql = openNodeSql()
    sql.exec('CREATE TABLE kept (text TEXT UNIQUE) STRICT')
    sql.exec('INSERT INTO kept VALUES (?)', LARGE)
    expect(() => sql.exec('INSERT INTO kept VALUES (?)', LARGE)).toThrow('UNIQUE')
    const shown = statements().map(({ expandedSQL }) => expandedSQL)
    expect(shown.at(-1)).toBe('INSERT INTO kept VALUES (NULL)')
    expect(sql.exec('INSERT INTO kept VALUES (?)', `${LARGE}!`)).toEqual([])
    expect(sql.exec('SELECT count(*) AS rows FROM kept')).toEqual([{ rows: 2 }])
  })

  it('reads many rows as well when a large value is asked for', () => {
    using sql = openNodeSql()
    sql.exec('CREATE TABLE kept (text TEXT) STRICT')
    sql.transaction(() => {
      for (let n = 0; n < 3; n += 1) sql.exec('INSERT INTO kept VALUES (?)', LARGE)
    })
    expect(sql.exec('SELECT 1 AS one FROM kept WHERE text = ?', LARGE)).toHaveLength(3)
  })

  it('keeps the statements that are used again and again, and not those of long ago', () => {
    using sql = openNodeSql()
    const statements = preparedFromNow()
    for (let n = 0; n < 100; n += 1) {
      sql.exec('SELECT 1 AS often')
      sql.exec(`SELECT ${n} AS once`)
    }
    sql.exec('SELECT 0 AS once')
    const texts = statements().map(({ sourceSQL }) => sourceSQL)
    expect(texts.filter((text) => text === 'SELECT 1 AS often')).toHaveLength(1)
    expect(texts.filter((text) => text === 'SELECT 0 AS once')).toHaveLength(2)
  })
})
