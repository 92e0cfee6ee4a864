// The pages of a database file as they lie on the disk, its log included, for a file that SQLite can no longer read as a
// whole. Reads only. The form is that of https://www.sqlite.org/fileformat2.html.

import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'

export type FilePages = Disposable & {
  readonly count: number
  /** Bytes of a page that hold something. */
  readonly usable: number
  /** Pages from 1; undefined beyond the end. */
  page(number: number): Buffer | undefined
  /** Pages that are in no use: what they hold was deleted. */
  readonly free: ReadonlySet<number>
}

const MAGIC = 'SQLite format 3\0'

/** What every file of the replica has; one whose header is torn is read so. */
const PAGE_BYTES = 4096

const LOG_HEADER = 32
const FRAME_HEADER = 24

export function openFilePages(path: string): FilePages {
  const descriptor = openSync(path, 'r')
  const head = Buffer.alloc(100)
  readSync(descriptor, head, 0, head.length, 0)
  const isWhole = head.toString('latin1', 0, MAGIC.length) === MAGIC
  const stated = head.readUInt16BE(16)
  const size = isWhole ? (stated === 1 ? 65_536 : stated) : PAGE_BYTES
  const log = loggedPages(`${path}-wal`, size)
  const count = Math.max(Math.floor(statSync(path).size / size), ...log.keys())

  function page(number: number): Buffer | undefined {
    const logged = log.get(number)
    if (logged !== undefined) return logged
    const bytes = Buffer.alloc(size)
    const read = number < 1 ? 0 : readSync(descriptor, bytes, 0, size, (number - 1) * size)
    return read === size ? bytes : undefined
  }

  return {
    count,
    usable: size - (isWhole ? (head[20] ?? 0) : 0),
    page,
    free: freePages(page, count),
    [Symbol.dispose]: () => closeSync(descriptor),
  }
}

type Page = FilePages['page']

/** The newest of each page in the log, up to the last commit that is there. */
function loggedPages(path: string, size: number): ReadonlyMap<number, Buffer> {
  const committed = new Map<number, Buffer>()
  if (!existsSync(path)) return committed
  const log = readFileSync(path)
  if (log.length < LOG_HEADER || log.readUInt32BE(8) !== size) return committed
  const salts = log.subarray(16, 24)
  let pending: [number, Buffer][] = []
  const step = FRAME_HEADER + size
  for (let at = LOG_HEADER; at + step <= log.length; at += step) {
    if (!log.subarray(at + 8, at + 16).equals(salts)) break
    pending.push([log.readUInt32BE(at), log.subarray(at + FRAME_HEADER, at + step)])
    if (log.readUInt32BE(at + 4) === 0) continue
    for (const [number, bytes] of pending) committed.set(number, bytes)
    pending = []
  }
  return committed
}

/** As far as the list of them can be followed. */
function freePages(page: Page, count: number): ReadonlySet<number> {
  const free = new Set<number>()
  let trunk = page(1)?.readUInt32BE(32) ?? 0
  while (trunk > 0 && trunk <= count && !free.has(trunk)) {
    free.add(trunk)
    const bytes = page(trunk)
    if (bytes === undefined) break
    const leaves = Math.min(bytes.readUInt32BE(4), bytes.length / 4 - 2)
    for (let leaf = 0; leaf < leaves; leaf += 1) free.add(bytes.readUInt32BE(8 + leaf * 4))
    trunk = bytes.readUInt32BE(0)
  }
  return free
}
