// The engine on a database file, as a bridge has it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineHost } from '../support/engine-host.ts'
import { create, rawState, stateText } from '../support/engine-sessions.ts'
import { openNodeSql } from '../support/node-sql.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stui-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('A database file', () => {
  it('is written ahead and synchronised with each commit', () => {
    using sql = openNodeSql(join(folder, 'client.sqlite'))
    expect(sql.exec('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(sql.exec('PRAGMA synchronous')).toEqual([{ synchronous: 2 }])
  })

  it('keeps a session for the next process, to the letter', () => {
    const path = join(folder, 'client.sqlite')
    const text = '{"n":9007199254740993,"z":-0}'
    let session_id = ''
    {
      using sql = openNodeSql(path)
      const host = engineHost(sql)
      session_id = create(host)
      host.done('update_session_state', rawState(session_id, text))
    }
    using sql = openNodeSql(path)
    expect(stateText(engineHost(sql), session_id)).toBe(text)
  })

  it('rolls back a transaction that throws', () => {
    using sql = openNodeSql(join(folder, 'client.sqlite'))
    sql.exec('CREATE TABLE word (text TEXT) STRICT')
    const failing = () =>
      sql.transaction(() => {
        sql.exec("INSERT INTO word VALUES ('lost')")
        throw new Error('no')
      })
    expect(failing).toThrow('no')
    expect(sql.exec('SELECT * FROM word')).toEqual([])
  })
})
