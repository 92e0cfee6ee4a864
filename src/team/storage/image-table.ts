// What bridges have reported of images: one row for each image and bridge. It may be a minute older than what the
// directory knows, but never in what it says of the image itself.

import type { ImageRecord } from '../../image/record.ts'
import type { Sql } from '../../storage/sql.ts'

/** One bridge's report of an image. */
export type ImageReport = Omit<ImageRecord, 'is_hearsay' | 'seen_by' | 'epochs'> & {
  readonly reporter: string
  /** When this bridge told another epoch than before; 0 if it has told one only. */
  readonly epoch_at: number
  readonly reported_status: 'Connected' | 'Disconnected' | 'Failed'
}

/** `image_metadata` is JSON. */
type Stored = Omit<ImageReport, 'image_metadata'> & { readonly image_metadata: string }

export function imageTable(sql: Sql) {
  return {
    all: (): ImageReport[] =>
      sql.exec<Stored>('SELECT * FROM image').map((row) => ({
        ...row,
        image_metadata: JSON.parse(row.image_metadata) as Record<string, string>,
      })),

    put: (report: ImageReport): void => {
      sql.exec(
        `INSERT OR REPLACE INTO image (image_id, reporter, image_address, image_name, image_version, image_metadata,
           epoch, epoch_at, reported_status, round_trip_ms, first_seen, last_seen, last_report)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        report.image_id,
        report.reporter,
        report.image_address,
        report.image_name,
        report.image_version,
        JSON.stringify(report.image_metadata),
        report.epoch,
        report.epoch_at,
        report.reported_status,
        report.round_trip_ms,
        report.first_seen,
        report.last_seen,
        report.last_report
      )
    },

    forget: ({ image_id, reporter }: Pick<ImageReport, 'image_id' | 'reporter'>): void => {
      sql.exec('DELETE FROM image WHERE image_id = ? AND reporter = ?', image_id, reporter)
    },
  }
}
