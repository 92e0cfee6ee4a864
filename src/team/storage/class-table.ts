// Which classes images have, as bridges have reported it: one row for each image and bridge that ever said so. Read only
// when somebody moves a session; a row that says the same is not written again.

import type { Sql } from '../../storage/sql.ts'

/** What one bridge says of the classes of an image. */
export type ClassList = {
  readonly image_id: string
  readonly reporter: string
  /** Names in order, as JSON. */
  readonly classes: string
  readonly sha256: string
  /** When these classes were told first. */
  readonly reported_at: number
}

type Key = Pick<ClassList, 'image_id' | 'reporter'>

export function classTable(sql: Sql) {
  return {
    put: ({ image_id, reporter, classes, sha256, reported_at }: ClassList): void => {
      sql.exec(
        'INSERT OR REPLACE INTO class_list (image_id, reporter, classes, sha256, reported_at) VALUES (?, ?, ?, ?, ?)',
        ...[image_id, reporter, classes, sha256, reported_at]
      )
    },

    digestOf: ({ image_id, reporter }: Key): string | undefined =>
      sql.exec<{ sha256: string }>(
        'SELECT sha256 FROM class_list WHERE image_id = ? AND reporter = ?',
        ...[image_id, reporter]
      )[0]?.sha256,

    /** Who has told the classes of an image, the one whose list is newest first. */
    reportersOf: (image_id: string): string[] =>
      sql
        .exec<{ reporter: string }>(
          'SELECT reporter FROM class_list WHERE image_id = ? ORDER BY reported_at DESC, reporter',
          image_id
        )
        .map(({ reporter }) => reporter),

    classesOf: ({ image_id, reporter }: Key): string | undefined =>
      sql.exec<{ classes: string }>(
        'SELECT classes FROM class_list WHERE image_id = ? AND reporter = ?',
        ...[image_id, reporter]
      )[0]?.classes,

    forget: ({ image_id, reporter }: Key): void => {
      sql.exec('DELETE FROM class_list WHERE image_id = ? AND reporter = ?', image_id, reporter)
    },
  }
}
