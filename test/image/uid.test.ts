// The name that an image has alone.

import { describe, expect, it } from 'vitest'
import { imageUid } from '../../src/image/uid.ts'

const PHARO = {
  image_id: 'pharo',
  image_name: 'Pharo 12',
  image_version: '12.0',
  image_address: 'localhost:5555',
}

const NAMELESS = { image_name: '', image_version: '', image_address: '' }

describe('The uid of an image', () => {
  it.each([
    [PHARO, 'ayjz7wavibjhhivluonolpl7rw'],
    [{ ...PHARO, ...NAMELESS, image_name: 'Größe' }, 'wqfax4eqa3mk7vexcufpm3xdbc'],
    [{ ...PHARO, ...NAMELESS, image_address: '[::1]:5555' }, 'akkkde4jp3idgftpxhnic2vxoc'],
  ])('is the beginning of a digest, as anybody else would compute it: %j', (image, uid) => {
    expect(imageUid(image)).toBe(uid)
  })

  it.each([
    { image_name: 'Pharo 13' },
    { image_version: '12.1' },
    { image_address: 'localhost:5556' },
  ])('is another one for %j', (change) => {
    expect(imageUid({ ...PHARO, ...change })).not.toBe(imageUid(PHARO))
  })

  it('does not take the end of one part for the beginning of the next', () => {
    const [one, other] = ['12', '1'].map((image_name) =>
      imageUid({ ...PHARO, image_name, image_version: image_name === '12' ? '3' : '23' })
    )
    expect(one).not.toBe(other)
  })

  it('does not depend on the id: two ids for one image have the same', () => {
    expect(imageUid({ ...PHARO, image_id: 'work' })).toBe(imageUid(PHARO))
  })

  it('is empty for no image, and for one of which nothing is known but its id', () => {
    expect(imageUid({ ...PHARO, image_id: '' })).toBe('')
    expect(imageUid({ image_id: 'pharo', ...NAMELESS })).toBe('')
  })
})
