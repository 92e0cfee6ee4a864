// The example document: its figures are true, so that a reader may check them.

import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { EXAMPLE_EXPORT } from '../../src/protocol/export-fields.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

it('the example document has its true size and checksums', () => {
  const { content, bytes } = EXAMPLE_EXPORT
  expect(bytes).toBe(Buffer.byteLength(content))
  expect(EXAMPLE_EXPORT.sha256).toBe(sha256(content))
  const { components, sha256: checksums } = JSON.parse(content)
  const measured = Object.entries(components).map(([name, state]) => [
    name,
    sha256(JSON.stringify(state)),
  ])
  expect(checksums).toEqual(Object.fromEntries(measured))
})
