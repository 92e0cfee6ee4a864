// Which revisions have a name, and how those that are kept are told.

import { describe, expect, it } from 'vitest'
import { isNamed, keptText, moveLabel, revertLabel } from '../../src/session/kept-revisions.ts'

describe('A revision has a name', () => {
  it.each([
    ['update_session_state', 'lunch', true],
    ['update_session_state', 'revert to 2', true],
    ['update_session_state', '', false],
    ['revert_session', 'lunch', true],
    ['revert_session', 'revert to 2 for lunch', true],
    ['revert_session', revertLabel(2), false],
    ['switch_image_context', 'before Pharo 11', true],
    ['switch_image_context', moveLabel('', 'Pharo 11'), false],
    ['switch_image_context', moveLabel('Pharo 11', 'Pharo 12'), false],
    ['repair', '', false],
  ])('that %s called "%s": %s', (cause, label, expected) => {
    expect(isNamed({ cause, label })).toBe(expected)
  })
})

describe('The revisions that are kept', () => {
  it.each([
    [[1], '1 is'],
    [[3, 2, 1], '1 to 3 are'],
    [[9, 2], '2 and 9 are'],
    [[32, 31, 30, 16, 9, 8, 2], '2, 8 to 9, 16 and 30 to 32 are'],
  ])('%j are told as "%s"', (revisions, text) => {
    expect(keptText(revisions)).toBe(text)
  })
})
