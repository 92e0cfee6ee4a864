import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { readDepth } from '../../../../local-bridge/replica/tables/depth.ts'
import { temporaryFolder } from '../../../support/stack-process.ts'
import { openFolder } from '../replica-fixture.ts'

const NOTHING = { waiting: 0, bytes: 0, oldest: null, refused: [] }

const newFile = () => join(temporaryFolder(), 'one.sqlite')

describe('how much waits in a file', () => {
  it('is told while a bridge has it open', () => {
    using opened = openFolder()
    expect(readDepth(opened.path)).toEqual(NOTHING)
    for (const n of [1, 2]) opened.append({ n, text: 'x'.repeat(n) })
    const { bytes } = opened.only.journal.held()
    expect(readDepth(opened.path)).toEqual({ waiting: 2, bytes, oldest: 1001, refused: [] })
  })

  it('is nothing in one that a bridge has only begun to make', () => {
    const path = newFile()
    writeFileSync(path, '')
    expect(readDepth(path)).toEqual(NOTHING)
    const database = new DatabaseSync(path)
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE sessions (number INTEGER)')
    expect(readDepth(path)).toEqual(NOTHING)
    database.close()
  })

  it('is not told of one that is damaged, or is none', () => {
    const { path, replicas } = openFolder()
    replicas.close()
    truncateSync(path, 5000)
    expect(readDepth(path)).toBeUndefined()
    const other = newFile()
    writeFileSync(other, 'a text of somebody else, which is no database at all')
    expect(readDepth(other)).toBeUndefined()
    expect(readDepth(newFile())).toBeUndefined()
  })
})
