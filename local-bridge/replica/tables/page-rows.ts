// Rows of tables, read from the leaves alone: whoever looks for them needs no tree above them, and one that is torn costs no
// other. Says nothing of which table a row is of.

import type { FilePages } from './file-pages.ts'

export type Value = null | number | string | Uint8Array

/** A row by its number, its values in the order of the columns; that of the number itself is null. */
export type PageRow = { readonly number: number; readonly values: readonly Value[] }

const TABLE_LEAF = 0x0d

/** More than any row here has. */
const MOST_BYTES = 64 * 1024 * 1024

/** The rows with so many columns in all pages that are in use. */
export function* rowsInPages(pages: FilePages, columns: number): Generator<PageRow> {
  for (let number = 1; number <= pages.count; number += 1) {
    const page = pages.free.has(number) ? undefined : pages.page(number)
    // The first page begins with the header of the file.
    const start = number === 1 ? 100 : 0
    if (page?.[start] !== TABLE_LEAF) continue
    const cells = Math.min(page.readUInt16BE(start + 3), pages.usable / 2 - start)
    for (let cell = 0; cell < cells; cell += 1) {
      const row = attempt(() => rowAt(pages, page, page.readUInt16BE(start + 8 + cell * 2)))
      if (row?.values.length === columns) yield row
    }
  }
}

function rowAt(pages: FilePages, page: Buffer, at: number): PageRow | undefined {
  const size = variable(page, at)
  const number = variable(page, size.next)
  if (size.value > MOST_BYTES) return undefined
  const payload = payloadAt(pages, page, number.next, size.value)
  return payload && { number: number.value, values: valuesOf(payload) }
}

/** What does not fit into the leaf goes on in a chain of pages. */
function payloadAt(pages: FilePages, page: Buffer, at: number, size: number): Buffer | undefined {
  const { usable } = pages
  const most = usable - 35
  if (size <= most) return whole(page.subarray(at, at + size), size)
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const wanted = least + ((size - least) % (usable - 4))
  const here = wanted <= most ? wanted : least
  const parts = [page.subarray(at, at + here)]
  let missing = size - here
  let next = page.readUInt32BE(at + here)
  while (missing > 0) {
    const more = pages.page(next)
    if (more === undefined) return undefined
    const part = more.subarray(4, 4 + Math.min(missing, usable - 4))
    parts.push(part)
    missing -= part.length
    next = more.readUInt32BE(0)
  }
  return whole(Buffer.concat(parts), size)
}

function whole(bytes: Buffer, size: number): Buffer | undefined {
  return bytes.length === size ? bytes : undefined
}

function valuesOf(payload: Buffer): Value[] {
  const head = variable(payload, 0)
  const kinds: number[] = []
  for (let at = head.next; at < head.value; ) {
    const kind = variable(payload, at)
    kinds.push(kind.value)
    at = kind.next
  }
  let at = head.value
  return kinds.map((kind) => {
    const bytes = sizeOf(kind)
    const value = payload.subarray(at, at + bytes)
    if (value.length !== bytes) throw new RangeError('a value ends beyond its row')
    at += bytes
    return readValue(kind, value)
  })
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]

function sizeOf(kind: number): number {
  return INTEGER_BYTES[kind] ?? Math.floor((kind - 12) / 2)
}

function readValue(kind: number, bytes: Buffer): Value {
  if (kind === 0) return null
  if (kind === 6) return Number(bytes.readBigInt64BE())
  if (kind === 7) return bytes.readDoubleBE()
  if (kind < 7) return bytes.readIntBE(0, bytes.length)
  if (kind < 12) return kind - 8
  return kind % 2 === 0 ? new Uint8Array(bytes) : bytes.toString()
}

/** SQLite's own form of a number: seven bits a byte, eight in the ninth. */
function variable(bytes: Buffer, at: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes.readUInt8(at + index)
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, next: at + index + 1 }
  }
  return { value: value * 256 + bytes.readUInt8(at + 8), next: at + 9 }
}

/** Undefined for what is torn. */
function attempt<Found>(read: () => Found | undefined): Found | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
