// `stui-bridge journal export`: writes the records of a journal with their messages to a private file. What no key here
// opens is written as it is sealed, so that the file holds everything in any case.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { isoTime } from '../../../src/clock.ts'
import { type Outcome, refuse, succeed } from '../../../src/outcome.ts'
import {
  asJsonText,
  type JsonText,
  objectText,
  parseJson,
  toJsonText,
} from '../../../src/protocol/json-text.ts'
import { type Cipher, createCipher } from '../../../src/storage/cipher.ts'
import { createPrivateFile } from '../../private-file.ts'
import { readKeyFile } from '../../replica/key-file.ts'
import { placeOf } from '../../replica/tables/journal.ts'
import { digestOf, readJournal } from '../../replica/tables/records.ts'
import { told } from './list-text.ts'
import type { JournalRecord } from './records.ts'

export type Exported = {
  readonly records: number
  /** Those whose message no key opens; they were written as they are sealed. */
  readonly sealed: number
}

/** Writes a new file; the failure is one sentence. */
export function exportRecords(
  records: readonly JournalRecord[],
  { data, path, now }: { readonly data: string; readonly path: string; readonly now: number }
): Outcome<Exported, string> {
  const cipher = cipherIn(data)
  if (!cipher.ok) return cipher
  const texts = textsOf(records, cipher.value)
  if (!texts.ok) return texts
  const whole = objectText([
    ['format', toJsonText('stui-journal')],
    ['format_version', toJsonText(1)],
    ['exported_at', toJsonText(isoTime(now))],
    ['records', listText(texts.value)],
  ])
  const made = createPrivateFile(path, `${whole}\n`)
  if (!made.ok) return refuse(`The file ${path} ${made.failure}.`)
  const sealed = texts.value.filter(({ isOpen }) => !isOpen).length
  return succeed({ records: texts.value.length, sealed })
}

const exported = z.object({
  format: z.literal('stui-journal'),
  records: z.array(z.object({ digest: z.string() })),
})

/** The digests of the messages that an exported file holds; the failure is one sentence. */
export function digestsIn(path: string): Outcome<ReadonlySet<string>, string> {
  try {
    const { data } = exported.safeParse(parseJson(readFileSync(path, 'utf8')))
    if (data === undefined) return refuse('The file of --exported is no export of a journal.')
    return succeed(new Set(data.records.map(({ digest }) => digest)))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
    return refuse(`The file of --exported cannot be read (${code}).`)
  }
}

/** Keys are only made by a bridge: new ones would open nothing. */
function cipherIn(data: string): Outcome<Cipher, string> {
  const path = join(data, 'keys')
  if (!existsSync(path)) {
    return refuse(`There is no key file in ${data}: put back the one that belongs to this folder.`)
  }
  const keys = readKeyFile(path)
  if (!keys.ok) return refuse(`The key file ${keys.failure}.`)
  // Nothing is sealed here, so no chance is needed.
  return succeed(createCipher({ keys: keys.value, random: (count) => new Uint8Array(count) }))
}

type RecordText = { readonly text: JsonText; readonly isOpen: boolean }

/** What is delivered in the meantime is left out: the service has it. */
function textsOf(
  records: readonly JournalRecord[],
  cipher: Cipher
): Outcome<readonly RecordText[], string> {
  const texts: RecordText[] = []
  for (const [path, own] of Map.groupBy(records, ({ file }) => file.path)) {
    const read = readJournal(path, (journal) => {
      const there = new Set(journal.rows.map(({ sequence }) => sequence))
      return own
        .filter(({ sequence }) => there.has(sequence))
        .map((record) => recordText(record, journal.sealed(record.sequence), cipher))
    })
    if (read === undefined) return refuse(`The file ${path} cannot be read.`)
    texts.push(...read)
  }
  return succeed(texts)
}

function recordText(record: JournalRecord, sealed: Uint8Array, cipher: Cipher): RecordText {
  const message = asJsonText(cipher.open(sealed, placeOf(record)) ?? '')
  const head = Object.entries(told(record)).map(
    ([name, value]) => [name, toJsonText(value)] as const
  )
  const text = objectText([
    ...head,
    ['digest', toJsonText(digestOf(sealed))],
    ['message', message ?? toJsonText(null)],
    ...(message === undefined
      ? [['sealed', toJsonText(Buffer.from(sealed).toString('base64'))] as const]
      : []),
  ])
  return { text, isOpen: message !== undefined }
}

function listText(texts: readonly RecordText[]): JsonText {
  return `[\n${texts.map(({ text }) => text).join(',\n')}\n]` as JsonText
}
