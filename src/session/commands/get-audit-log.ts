// get_audit_log: a page of the rows, after the whole chain was verified.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import { DEFAULT_PAGE } from '../../protocol/limits.ts'
import type { AuditRow } from '../../storage/audit.ts'
import type { AuditChain } from '../../storage/clients.ts'
import { brokenAt, type Detail } from '../audit.ts'
import type { Handler } from '../context.ts'

/** What there is to see of a client that nobody knows. */
const NO_CHAIN: AuditChain = { sequence: 0, head: '', forgotten: 0, anchor: '' }

/** The end of the year 9999: a damaged row may name any time, and is told nevertheless. */
const LAST_MOMENT = 253_402_300_799_999

export const getAuditLog: Handler<'get_audit_log'> = (parameters, { store }) => {
  const { client_id, after = 0, limit = DEFAULT_PAGE } = parameters
  const chain = store.clients.auditChain() ?? NO_CHAIN
  const rows = store.audit.all()
  const page = rows.filter(({ sequence }) => sequence > after).slice(0, limit)
  const broken_at = brokenAt(rows, chain)
  return succeed({
    client_id,
    entries: page.map(entry),
    next_after: page.at(-1)?.sequence ?? after,
    total_kept: rows.length,
    head_hash: chain.head,
    chain_ok: broken_at === undefined,
    ...(broken_at !== undefined && { broken_at }),
  })
}

function entry({ at, detail, previous, hash, ...row }: AuditRow) {
  return {
    sequence: row.sequence,
    at: isoTime(Math.max(0, Math.min(at, LAST_MOMENT))),
    actor: row.actor,
    action: row.action,
    session_id: row.session_id,
    address: row.address,
    outcome: row.outcome,
    detail: JSON.parse(detail) as Detail,
    times: row.times,
    previous_hash: previous,
    hash,
  }
}
