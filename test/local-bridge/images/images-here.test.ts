// What a bridge tells its own replica of the images behind it.

import { describe, expect, it } from 'vitest'
import type { Health } from '../../../local-bridge/images/image-health.ts'
import { imagesHere } from '../../../local-bridge/images/images-here.ts'
import { isOrphaned } from '../../../src/image/status.ts'
import { fixedClock, HOUR } from '../../support/fixed-clock.ts'

const image = (name: string, health: Health) => ({ name, health: () => health })

describe('The images of a bridge', () => {
  const clock = fixedClock()
  const here = imagesHere(
    () => [
      image('a', { status: 'Connected', epoch: 'monday' }),
      image('b', { status: 'Disconnected', epoch: 'sunday' }),
      image('new', { status: 'Connected' }),
    ],
    clock
  )

  it('are told with the start that they are in, or were in last', () => {
    expect(here({ ids: ['a', 'b'], others: 0 })).toMatchObject([
      { image_id: 'a', reported_status: 'Connected', epoch: 'monday' },
      { image_id: 'b', reported_status: 'Disconnected', epoch: 'sunday' },
    ])
  })

  it('are not told where one of them is unknown, or has not yet said which start this is', () => {
    for (const id of ['new', 'x']) {
      expect(here({ ids: ['a', id], others: 0 })).toBeUndefined()
    }
    expect(here({ ids: ['a'], others: 1 })).toBeUndefined()
  })

  it('orphan nothing: the bridge does not know for how long one has been away', () => {
    const [away] = here({ ids: ['b'], others: 0 }) ?? []
    expect(away).toBeDefined()
    expect(isOrphaned(away, clock.now() + HOUR)).toBe(false)
  })
})
