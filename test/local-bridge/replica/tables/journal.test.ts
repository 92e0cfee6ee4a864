import { describe, expect, it } from 'vitest'
import { openFolder } from '../replica-fixture.ts'

describe('an entry that could not be read', () => {
  it('waits again as soon as it can be, and one that the service refused does not', () => {
    using folder = openFolder()
    const { journal } = folder.only
    for (const n of [1, 2, 3]) folder.append({ n, text: `${n}` })
    journal.refuse(1)
    journal.refuse(2, 'session_not_found')
    expect(journal.held()).toMatchObject({ entries: 3, refused: 2 })
    journal.reopen()
    expect(journal.held()).toMatchObject({ entries: 3, refused: 1 })
    expect(journal.first('s', 3).map(({ base }) => base)).toEqual([1, 3])
  })
})

describe('a journal', () => {
  it('tells whether the keys are those that sealed it', () => {
    using folder = openFolder()
    expect(folder.only.opens()).toBeUndefined()
    folder.append({ n: 1, text: 'x' })
    const [entry] = folder.only.journal.first('s', 1)
    expect(folder.only.opens()).toBe(true)
    expect(entry && folder.only.journal.isLocked(entry)).toBe(false)
    expect(folder.replicas.areLocked()).toBe(false)
  })
})
