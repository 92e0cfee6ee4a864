// The sessions of a client by the image they work on. Only reads; sessions.ts holds the table.
// Open sessions are the active and the expired ones.

import type { SessionRow } from './sessions.ts'
import type { Sql } from './sql.ts'

/** Which sessions; an undefined image is every image, left-out ones apart. */
export type ImageQuery = {
  readonly include: keyof typeof INCLUDED
  readonly image_id: string | undefined
  readonly left_out: readonly string[]
}

/** Sums over the kept sessions of one image, and what the one that was used last says of it. */
export type ImageSums = {
  readonly image_id: string
  readonly image_address: string
  readonly image_name: string
  readonly image_version: string
  readonly active: number
  readonly expired: number
  readonly closed: number
  readonly bytes: number
  readonly last_activity: number
  readonly first_created: number
  /** The active session that was used last; empty if there is none. */
  readonly current_session_id: string
}

export type ImageSessions = ReturnType<typeof imageSessionQueries>

const OPEN = "status IN ('active', 'expired')"
const INCLUDED = { open: OPEN, closed: "status = 'closed'", all: "status <> 'deleted'" } as const
const ASKED = '(?1 IS NULL OR image_id = ?1)'

export function imageSessionQueries(sql: Sql) {
  return {
    /** The images that sessions of the client name. */
    imageIds: (): string[] =>
      sql
        .exec<{ image_id: string }>(
          `SELECT DISTINCT image_id FROM session WHERE ${OPEN} AND image_id <> ''`
        )
        .map(({ image_id }) => image_id),

    /** The session used last first. */
    page: (
      { include, image_id, left_out }: ImageQuery,
      after: { readonly last_activity: number; readonly number: number } | undefined,
      limit: number
    ): SessionRow[] =>
      sql.exec<SessionRow>(
        `SELECT * FROM session WHERE ${INCLUDED[include]} AND ${ASKED}
           AND image_id NOT IN (SELECT value FROM json_each(?2))
           AND (?3 IS NULL OR (last_activity, number) < (?3, ?4))
         ORDER BY last_activity DESC, number DESC LIMIT ?5`,
        image_id ?? null,
        JSON.stringify(left_out),
        after?.last_activity ?? null,
        after?.number ?? null,
        limit
      ),

    /** Of each image with a kept session; a lease that ended counts before anybody has cleaned up. */
    sums: (image_id: string | undefined, now: number): ImageSums[] =>
      sql.exec<ImageSums>(
        `SELECT image_id,
                count(*) FILTER (WHERE status = 'active' AND expires_at > ?2) AS active,
                count(*) FILTER (WHERE status = 'expired' OR (status = 'active' AND expires_at <= ?2)) AS expired,
                count(*) FILTER (WHERE status = 'closed') AS closed,
                sum(state_bytes) AS bytes, max(last_activity) AS last_activity, image_address, image_name, image_version,
                (SELECT min(created_at) FROM session AS first
                 WHERE first.image_id = session.image_id AND first.status <> 'deleted') AS first_created,
                coalesce((SELECT session_id FROM session AS current
                          WHERE current.image_id = session.image_id AND status = 'active' AND expires_at > ?2
                          ORDER BY last_activity DESC, number DESC LIMIT 1), '') AS current_session_id
         FROM session WHERE status <> 'deleted' AND ${ASKED} GROUP BY image_id`,
        image_id ?? null,
        now
      ),

    /** The open sessions of one image, the one used least recently first. */
    open: (image_id: string): SessionRow[] =>
      sql.exec<SessionRow>(
        `SELECT * FROM session WHERE ${OPEN} AND image_id = ? ORDER BY last_activity, number`,
        image_id
      ),
  }
}
