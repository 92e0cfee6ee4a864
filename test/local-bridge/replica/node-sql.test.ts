import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { needsFullSync, openNodeSql } from '../../../local-bridge/replica/node-sql.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

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

describe('a database whose drive has a cache of its own', () => {
  it.each([true, false])('forces that too if it is told to: %s', (fullSync) => {
    using sql = openNodeSql(':memory:', { fullSync })
    const flag = Number(fullSync)
    expect(sql.exec('PRAGMA fullfsync')).toEqual([{ fullfsync: flag }])
    expect(sql.exec('PRAGMA checkpoint_fullfsync')).toEqual([{ checkpoint_fullfsync: flag }])
  })

  it('has to be told on macOS', () => {
    expect(['darwin', 'linux', 'win32'].map(needsFullSync)).toEqual([true, false, false])
  })
})

describe('a file that held much', () => {
  const MUCH = 4_000_000

  function drained(path: string) {
    const sql = openNodeSql(path)
    sql.exec('CREATE TABLE IF NOT EXISTS kept (text TEXT) STRICT')
    for (let n = 0; n < 4; n += 1) sql.exec('INSERT INTO kept VALUES (?)', 'x'.repeat(MUCH / 4))
    sql.exec("INSERT INTO kept VALUES ('stays')")
    sql.exec('DELETE FROM kept WHERE length(text) > 10')
    return sql
  }

  it('gives the room back a little at a time', () => {
    const path = join(temporaryFolder(), 'a.sqlite')
    using sql = drained(path)
    expect(sql.mayGiveBack()).toBe(true)
    let steps = 1
    while (sql.giveBack(256)) steps += 1
    expect(steps).toBeGreaterThan(2)
    expect(statSync(path).size).toBeLessThan(MUCH / 10)
    expect(statSync(`${path}-wal`).size).toBeLessThan(MUCH / 10)
    expect(sql.exec('SELECT text FROM kept')).toEqual([{ text: 'stays' }])
  })

  it('is written anew once if it is of before, and gives the room back from then on', () => {
    const path = join(temporaryFolder(), 'a.sqlite')
    const before = new DatabaseSync(path)
    before.exec('CREATE TABLE kept (text TEXT) STRICT')
    before.close()
    using sql = drained(path)
    expect(sql.giveBack(256)).toBe(true)
    expect(sql.mayGiveBack()).toBe(true)
    expect(sql.giveBack(256)).toBe(false)
    sql.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    expect(statSync(path).size).toBeLessThan(MUCH / 10)
    expect(sql.exec('SELECT text FROM kept')).toEqual([{ text: 'stays' }])
  })

  it('of before stays as it is while it holds too much to be written anew in passing', () => {
    const path = join(temporaryFolder(), 'a.sqlite')
    const before = new DatabaseSync(path)
    before.exec('CREATE TABLE kept (text TEXT) STRICT')
    before.close()
    using sql = openNodeSql(path)
    for (let n = 0; n < 5; n += 1) sql.exec('INSERT INTO kept VALUES (?)', 'x'.repeat(MUCH))
    expect(sql.mayGiveBack()).toBe(false)
  })
})
