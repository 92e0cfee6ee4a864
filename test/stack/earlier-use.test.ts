import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { earlierUse, noteUse, USES } from '../../local-bridge/stack/earlier-use.ts'
import { temporaryFolder } from '../support/stack-process.ts'

let data: string

beforeEach(() => {
  data = temporaryFolder()
})

afterEach(() => rmSync(data, { recursive: true }))

function store() {
  mkdirSync(join(data, 'objects'))
  writeFileSync(join(data, 'objects', 'rows'), '')
}

describe('how a data folder was used when it was last used', () => {
  it('does not matter while nothing is stored in it', () => {
    expect(earlierUse(data)).toBeUndefined()
    noteUse(data, 'with tokens')
    expect(earlierUse(data)).toBeUndefined()
  })

  it('was without tokens where nobody noted it', () => {
    store()
    expect(earlierUse(data)).toBe('without tokens')
  })

  it.each(USES)('was %s where that was noted', (use) => {
    store()
    noteUse(data, use)
    expect(earlierUse(data)).toBe(use)
  })
})
