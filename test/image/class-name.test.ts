// How classes are named.

import { expect, it } from 'vitest'
import { classNamed } from '../../src/image/class-name.ts'

it.each([
  ['Point', 'Point'],
  ['Point class', 'Point'],
  ['TComparable classTrait', 'TComparable'],
  [' Point ', 'Point'],
  ['Metaclass', 'Metaclass'],
  ['class', 'class'],
])('%j counts as the class %j', (name, counted) => {
  expect(classNamed(name)).toBe(counted)
})
