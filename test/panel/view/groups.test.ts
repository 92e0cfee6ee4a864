// Sessions by image, in an order that use does not change.

import { describe, expect, it } from 'vitest'
import { groupsOf, titleOf } from '../../../src/panel/view/groups.ts'
import { createModel } from '../../../src/panel/view/model.ts'
import { image, listed, NOW } from './scene.ts'

function scene() {
  const model = createModel()
  const at = (hour: number) => `2025-08-30T0${hour}:00:00.000Z`
  model.take({
    toldAt: NOW,
    image_id: undefined,
    isWhole: true,
    hasClosed: true,
    images: [
      image({ image_id: 'z', image_name: 'apple' }),
      image({ image_id: 'a', image_name: 'Zebra' }),
      image({ image_id: 'idle', image_name: '' }),
    ],
    sessions: [
      listed({ session_id: 's4', image_id: '', name: 'free' }),
      listed({ session_id: 's3', image_id: 'z', created_at: at(3), client_id: 'bob' }),
      listed({ session_id: 's1', image_id: 'z', created_at: at(1), name: 'First' }),
      listed({ session_id: 's2', image_id: 'a', is_active: false, status: 'closed' }),
    ],
  })
  return (choice: { text?: string; closed?: boolean } = {}) =>
    groupsOf(model, { text: '', closed: false, now: NOW, ...choice }).map((group) => [
      titleOf(group),
      ...group.sessions.map(({ session_id }) => session_id),
    ])
}

describe('the groups', () => {
  it('are ordered by the names of images, sessions by their creation, and those without an image come last', () => {
    expect(scene()()).toEqual([['apple', 's1', 's3'], ['idle'], ['Zebra'], ['No image', 's4']])
  })

  it('hold closed sessions if they are asked for', () => {
    expect(scene()({ closed: true })).toContainEqual(['Zebra', 's2'])
  })

  it.each([
    ['first', [['apple', 's1']]],
    ['BOB', [['apple', 's3']]],
    ['zebra', [['Zebra']]],
    [' free ', [['No image', 's4']]],
    ['nobody', []],
  ])('hold what the filter names: %s', (text, groups) => {
    expect(scene()({ text }).filter(([title]) => title !== 'apple' || text !== 'zebra')).toEqual(
      groups
    )
  })
})
