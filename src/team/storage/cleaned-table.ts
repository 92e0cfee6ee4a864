// What cleanups did for the team's clients: sums for each image, and in the row ALL_IMAGES those of all together.

import { ALL_IMAGES } from '../../image/listing.ts'
import type { Sql } from '../../storage/sql.ts'

/** What a cleanup did to one session. Orphaned ones are closed, too. */
export type Cleaning = 'expired' | 'deleted' | 'closed' | 'orphaned'

export type CleanedRow = {
  readonly image_id: string
  readonly last_at: number
  readonly expired: number
  readonly deleted: number
  readonly closed: number
  /** Of the closed ones: those whose image was away. */
  readonly orphaned: number
}

/** Images whose sums are kept, those that were cleaned last; the sums of all images are never forgotten. */
export const MAX_IMAGES_CLEANED = 1000

const ADD = `INSERT INTO cleaned (image_id, last_at, expired, deleted, closed, orphaned) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (image_id) DO UPDATE SET last_at = max(last_at, excluded.last_at), expired = expired + excluded.expired,
    deleted = deleted + excluded.deleted, closed = closed + excluded.closed, orphaned = orphaned + excluded.orphaned`

const FORGET = `DELETE FROM cleaned WHERE image_id IN (
  SELECT image_id FROM cleaned WHERE image_id <> ? ORDER BY last_at DESC, image_id LIMIT -1 OFFSET ?)`

export function cleanedTable(sql: Sql) {
  return {
    /** Counts one session, for its image and for all. */
    add: (image_id: string, cleaning: Cleaning, now: number): void => {
      const counts = [
        Number(cleaning === 'expired'),
        Number(cleaning === 'deleted'),
        Number(cleaning === 'closed' || cleaning === 'orphaned'),
        Number(cleaning === 'orphaned'),
      ]
      for (const of of new Set([image_id, ALL_IMAGES])) sql.exec(ADD, of, now, ...counts)
    },

    /** Forgets the images that were cleaned longest ago, beyond so many. */
    forgetOld: (): void => {
      sql.exec(FORGET, ALL_IMAGES, MAX_IMAGES_CLEANED)
    },

    /** The sums of one image, or of all; undefined if nothing was ever cleaned there. */
    of: (image_id: string): CleanedRow | undefined =>
      sql.exec<CleanedRow>('SELECT * FROM cleaned WHERE image_id = ?', image_id)[0],
  }
}
