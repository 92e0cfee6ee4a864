import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const MODULE = join(import.meta.dirname, '../../local-bridge/small-heap.ts')

/** Makes much that lives for a moment, as messages do, and tells how large the space of new objects has become. */
const WORK = `
  import { getHeapSpaceStatistics } from 'node:v8'
  const alive = []
  for (let n = 0; n < 2_000_000; n += 1) alive[n % 50_000] = { n }
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  process.stdout.write(String(space.space_size / 1024 / 1024))
`

async function newSpaceMb(...flags: string[]) {
  const args = [...flags, '--input-type=module', '--eval', WORK]
  const child = spawn(process.execPath, args, { env: {} })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { mb: Number(out), err }
}

describe('a small heap', () => {
  it('keeps the space of new objects at the size that it begins with', async () => {
    const { mb, err } = await newSpaceMb('--import', MODULE)
    expect(err).toBe('')
    expect(mb).toBeLessThanOrEqual(8)
    const grown = await newSpaceMb()
    expect(grown.mb).toBeGreaterThanOrEqual(16)
  })
})
