// The page of pictures shows what there is, and there is what it shows.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fileName, LOOKS, picturesPage, STATES } from './pictures-page.ts'

const FOLDER = join(import.meta.dirname, '../../pictures')

it('each state has a picture in each look, and there are no others', () => {
  const wanted = Object.keys(STATES).flatMap((state) => LOOKS.map((look) => fileName(state, look)))
  const there = readdirSync(FOLDER).filter((name) => name.endsWith('.png'))
  expect(there.sort()).toEqual(wanted.sort())
})

it('the page of pictures is as it was printed with them', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(picturesPage())
})
