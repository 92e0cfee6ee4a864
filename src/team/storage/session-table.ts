// A summary of each session that the team's clients have reported. Open sessions are the active and the expired ones.

import type { ImageUse, Include } from '../../image/listing.ts'
import type { Sql } from '../../storage/sql.ts'
import type { Report, SessionSummary } from '../report.ts'

export type SummaryRow = SessionSummary & { readonly client_id: string; readonly owner: string }

/** Sums over all sessions of a team. */
export type Totals = {
  readonly active: number
  readonly expired: number
  readonly closed: number
  readonly active_clients: number
  readonly images: number
  readonly bytes: number
  readonly reported_at: number
}

/** What the sessions of one image say of it. */
export type ImageTotals = ImageUse & {
  readonly bytes: number
}

/** Which sessions; an undefined image is every image, left-out ones apart. */
export type TeamQuery = {
  readonly include: Include
  readonly image_id: string | undefined
  readonly left_out: readonly string[]
}

export type Position = { readonly last_activity: number; readonly session_id: string }

const OPEN = "status IN ('active', 'expired')"
const KEPT = "status <> 'deleted'"
const INCLUDED = { open: OPEN, closed: "status = 'closed'", all: KEPT } as const

/** A column of the session of the same image that was used last, by one look into the index. */
function newest(column: string, condition: string): string {
  return `(SELECT ${column} FROM session AS other WHERE other.image_id = session.image_id AND ${condition}
           ORDER BY last_activity DESC, session_id DESC LIMIT 1)`
}

/** Sessions of one image or of all; two texts, because SQLite takes no index for a choice that it makes itself. */
function listed({ include, image_id }: TeamQuery): string {
  const asked = image_id === undefined ? '?1 IS NULL' : 'image_id = ?1'
  return `${INCLUDED[include]} AND ${asked} AND image_id NOT IN (SELECT value FROM json_each(?2))`
}

const COLUMNS = [
  'session_id',
  'client_id',
  'owner',
  'name',
  'status',
  'image_id',
  'image_address',
  'image_name',
  'image_version',
  'timeout',
  'created_at',
  'last_modified',
  'last_activity',
  'expires_at',
  'revision',
  'bytes',
  'sequence',
  'reported_at',
] as const

const PUT = `INSERT INTO session (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (session_id) DO UPDATE SET ${COLUMNS.slice(2)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}
  WHERE (excluded.sequence, excluded.last_activity) >= (session.sequence, session.last_activity)`

export function sessionTable(sql: Sql) {
  return {
    /** Takes a summary unless a newer one of the same session is known. */
    put: (
      { client_id, owner }: Pick<Report, 'client_id' | 'owner'>,
      summary: SessionSummary,
      now: number
    ): void => {
      const row = { ...summary, client_id, owner, reported_at: now }
      sql.exec(PUT, ...COLUMNS.map((name) => row[name]))
    },

    find: (session_id: string): SummaryRow | undefined =>
      sql.exec<SummaryRow>('SELECT * FROM session WHERE session_id = ?', session_id)[0],

    /** Forgets deletions that were reported at or before `time`. */
    forgetDeleted: (time: number): void => {
      sql.exec("DELETE FROM session WHERE status = 'deleted' AND reported_at <= ?", time)
    },

    totals: (): Totals | undefined =>
      sql.exec<Totals>(
        `SELECT count(*) FILTER (WHERE status = 'active') AS active,
                count(*) FILTER (WHERE status = 'expired') AS expired,
                count(*) FILTER (WHERE status = 'closed') AS closed,
                count(DISTINCT client_id) FILTER (WHERE status = 'active') AS active_clients,
                count(DISTINCT image_id) FILTER (WHERE status = 'active' AND image_id <> '') AS images,
                coalesce(sum(bytes) FILTER (WHERE status <> 'deleted'), 0) AS bytes,
                coalesce(max(reported_at), 0) AS reported_at
         FROM session`
      )[0],

    /** The session used last first. */
    page: (query: TeamQuery, after: Position | undefined, limit: number) =>
      sql.exec<SummaryRow>(
        `SELECT * FROM session WHERE ${listed(query)} AND (?3 IS NULL OR (last_activity, session_id) < (?3, ?4))
         ORDER BY last_activity DESC, session_id DESC LIMIT ?5`,
        query.image_id ?? null,
        JSON.stringify(query.left_out),
        after?.last_activity ?? null,
        after?.session_id ?? null,
        limit
      ),

    /** Open sessions that work on one of these images. */
    countIn: (image_ids: readonly string[]): number =>
      sql.exec<{ n: number }>(
        `SELECT count(*) AS n FROM session WHERE ${OPEN} AND image_id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(image_ids)
      )[0]?.n ?? 0,

    /** Of each image with a kept session, as the session used last names it; undefined asks for all, else for these. */
    byImage: (image_ids: readonly string[] | undefined): ImageTotals[] =>
      sql.exec<ImageTotals>(
        `SELECT image_id,
                count(*) FILTER (WHERE status = 'active') AS active,
                count(*) FILTER (WHERE status = 'expired') AS expired,
                count(*) FILTER (WHERE status = 'closed') AS closed,
                sum(bytes) AS bytes, max(last_activity) AS last_activity, min(created_at) AS first_created,
                ${newest('image_address', KEPT)} AS image_address,
                ${newest('image_name', KEPT)} AS image_name,
                ${newest('image_version', KEPT)} AS image_version,
                coalesce(${newest('session_id', "status = 'active'")}, '') AS current_session_id
         FROM session
         WHERE ${KEPT} AND ${image_ids === undefined ? '?1 IS NULL' : 'image_id IN (SELECT value FROM json_each(?1))'}
         GROUP BY image_id`,
        image_ids === undefined ? null : JSON.stringify(image_ids)
      ),

    /** To whom a client belongs; undefined if nobody has said so. */
    ownerOf: (client_id: string): string | undefined =>
      sql.exec<{ owner: string }>(
        "SELECT owner FROM session WHERE client_id = ? AND owner <> '' LIMIT 1",
        client_id
      )[0]?.owner,

    /** Clients with an open session on the image, in order, from behind `after`. */
    clientsOf: (image_id: string, after: string, limit: number): string[] =>
      sql
        .exec<{ client_id: string }>(
          `SELECT DISTINCT client_id FROM session WHERE ${OPEN} AND image_id = ? AND client_id > ?
           ORDER BY client_id LIMIT ?`,
          image_id,
          after,
          limit
        )
        .map(({ client_id }) => client_id),
  }
}
