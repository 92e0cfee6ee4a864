// Which classes images have, as bridges report them, and which of those that a session names are missing in one.

import { classNamed } from '../image/class-name.ts'
import type { ImageRecord } from '../image/record.ts'
import { toJsonText } from '../protocol/json-text.ts'
import { sha256 } from '../session/digest.ts'
import type { DirectoryStore } from './directory-store.ts'
import { subjectOf } from './image-reports.ts'
import type { ClassList } from './storage/class-table.ts'

type Classes = Pick<DirectoryStore, 'classes'>

/** Takes what a bridge says; nothing is written if it has said the same before. */
export function keepClasses(
  { classes }: Classes,
  { image_id, reporter }: Pick<ClassList, 'image_id' | 'reporter'>,
  names: readonly string[],
  now: number
): void {
  const known = new Set(names.map(classNamed).filter((name) => name !== ''))
  const text = toJsonText([...known].sort())
  const digest = sha256(text)
  if (classes.digestOf({ image_id, reporter }) === digest) return
  classes.put({ image_id, reporter, classes: text, sha256: digest, reported_at: now })
}

/**
 * Those of the names that an image lacks, by the newest list of whoever is believed about it: nothing that others say is
 * mixed in. Undefined if nobody of them has told its classes.
 */
export function missingClasses(
  { classes }: Classes,
  image: Pick<ImageRecord, 'image_id' | 'seen_by'> | undefined,
  names: readonly string[]
): readonly string[] | undefined {
  if (image === undefined) return undefined
  const { image_id, seen_by } = image
  const reporter = classes
    .reportersOf(image_id)
    .find((candidate) => subjectOf({ reporter: candidate }) === seen_by)
  const text = reporter === undefined ? undefined : classes.classesOf({ image_id, reporter })
  if (text === undefined) return undefined
  const there = new Set(JSON.parse(text) as readonly string[])
  return names.filter((name) => !there.has(name))
}
