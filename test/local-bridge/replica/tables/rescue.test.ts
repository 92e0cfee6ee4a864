import {
  closeSync,
  cpSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openReplicas } from '../../../../local-bridge/replica/replicas.ts'
import { testCipher } from '../../../support/engine-cipher.ts'
import { seededBytes } from '../../../support/engine-random.ts'
import { createEventLog } from '../../../support/event-log.ts'
import { fixedClock } from '../../../support/fixed-clock.ts'
import { temporaryFolder } from '../../../support/stack-process.ts'

const ROUTE = 'r'.repeat(22)
const PAGE = 4096

/** So many that the tree of the journal has several levels. */
const CHANGES = 4000

/** Each of so many is too long for its leaf. */
const LONG_EACH = 40

const messageOf = (n: number) =>
  JSON.stringify({ n, text: 'x'.repeat(n % LONG_EACH === 0 ? 3 * PAGE : 800) })

function openFolder(folder: string) {
  const { log, of } = createEventLog()
  const replicas = openReplicas({
    ...{ folder, log, clock: fixedClock(), cipher: testCipher('k'), random: seededBytes(1) },
    onFault: (error) => {
      throw error
    },
  })
  return { replicas, of }
}

/** Made once: a journal of many changes. */
const original = temporaryFolder()

beforeAll(() => {
  const { replicas } = openFolder(original)
  const replica = replicas.of(ROUTE, { make: true }) ?? expect.fail('no replica')
  replica.transaction(() => {
    for (let n = 1; n <= CHANGES; n += 1) {
      replica.journal.append({
        ...{ team: 't', client_id: 'c', session_id: 's', queue: 's', command: 'x' },
        ...{ delivery_id: `d${n}`, base: n, promised: null, at: 1000 + n, message: messageOf(n) },
      })
    }
  })
  replicas.close()
})

/** A copy of it, from which some of them were delivered. */
function journalled(delivered: readonly number[] = []) {
  const folder = temporaryFolder()
  cpSync(original, folder, { recursive: true })
  const { replicas } = openFolder(folder)
  const replica = replicas.of(ROUTE) ?? expect.fail('no replica')
  replica.transaction(() => delivered.forEach(replica.journal.remove))
  replicas.close()
  return { folder, path: join(folder, `${ROUTE}.sqlite`) }
}

const treePage = z.object({ pageno: z.int(), ncell: z.int() })

/** The pages of the journal of a kind, in the order of their rows. */
function pagesOf(path: string, kind: 'leaf' | 'internal') {
  using database = new DatabaseSync(path, { readOnly: true })
  const rows = database
    .prepare(
      "SELECT pageno, ncell FROM dbstat WHERE name = 'journal' AND pagetype = ? ORDER BY path"
    )
    .all(kind)
  return z.array(treePage).parse(rows)
}

function tear(path: string, page: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(PAGE, 0xff), 0, PAGE, (page - 1) * PAGE)
  closeSync(file)
}

/** What the bridge makes of the folder: the journal as it goes on, and what the log was told. */
function goneOn(folder: string) {
  const { replicas, of } = openFolder(folder)
  const replica = replicas.of(ROUTE) ?? expect.fail('no replica')
  const entries = replica.journal.first('s', CHANGES)
  for (const entry of entries) expect(replica.journal.message(entry)).toBe(messageOf(entry.base))
  expect(replica.journal.held().entries).toBe(entries.length)
  replicas.close()
  return { bases: entries.map(({ base }) => base), told: of('replica_damaged') }
}

const all = Array.from({ length: CHANGES }, (_, index) => index + 1)

const PLACES = [
  ['first', () => 0],
  ['middle', (count: number) => count >> 1],
  ['last', (count: number) => count - 1],
] as const

describe('a journal with a torn page', () => {
  it.each(PLACES)('loses no more than what only the %s leaf held', (_, at) => {
    const { folder, path } = journalled()
    const leaves = pagesOf(path, 'leaf')
    const { pageno, ncell } = leaves[at(leaves.length)] ?? expect.fail('no leaf')
    tear(path, pageno)
    const { bases, told } = goneOn(folder)
    expect(told).toEqual([{ event: 'replica_damaged', kept: CHANGES - ncell, lost: ncell }])
    const gone = all.filter((n) => !bases.includes(n))
    expect(gone).toHaveLength(ncell)
    expect((gone.at(-1) ?? 0) - (gone[0] ?? 0)).toBe(ncell - 1)
    expect(bases).toEqual([...bases].sort((a, b) => a - b))
  })

  it.each(PLACES)('loses nothing with the %s page between the root and the leaves', (_, at) => {
    const { folder, path } = journalled()
    const inner = pagesOf(path, 'internal')
    expect(inner.length).toBeGreaterThan(2)
    tear(path, inner[at(inner.length)]?.pageno ?? 0)
    const { bases, told } = goneOn(folder)
    expect(told).toEqual([{ event: 'replica_damaged', kept: CHANGES, lost: 0 }])
    expect(bases).toEqual(all)
  })

  it('loses no change with the page that the file begins with, and does not say what nobody can know', () => {
    const { folder, path } = journalled()
    tear(path, 1)
    const { bases, told } = goneOn(folder)
    expect(told).toEqual([{ event: 'replica_damaged', kept: CHANGES }])
    expect(bases).toEqual(all)
  })

  it('brings nothing back that was delivered', () => {
    const delivered = all.slice(0, CHANGES / 2)
    const { folder, path } = journalled(delivered)
    tear(path, pagesOf(path, 'internal')[0]?.pageno ?? 0)
    expect(goneOn(folder).bases).toEqual(all.slice(CHANGES / 2))
  })

  it('is kept as it is, and the new file goes on by itself', () => {
    const { folder, path } = journalled()
    tear(path, pagesOf(path, 'leaf')[0]?.pageno ?? 0)
    const damaged = readFileSync(path)
    goneOn(folder)
    const aside = readdirSync(folder).filter((name) => /\.damaged-\d+$/.test(name))
    expect(aside).toHaveLength(1)
    // The first page counts who opened the file.
    const kept = readFileSync(join(folder, aside[0] ?? ''))
    expect(kept.subarray(PAGE).equals(damaged.subarray(PAGE))).toBe(true)
    expect(goneOn(folder).told).toEqual([])
  })

  it('goes on from what was rescued if a power cut came between the two names', () => {
    const { folder, path } = journalled()
    renameSync(path, `${path}.rescued`)
    expect(goneOn(folder).bases).toEqual(all)
    expect(readdirSync(folder).filter((name) => name.includes('.rescued'))).toEqual([])
  })
})
