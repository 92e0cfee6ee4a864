// list_session_revisions: what revert_session and restore_session can go back to.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import { findSession, type Handler } from '../context.ts'

export const listSessionRevisions: Handler<'list_session_revisions'> = (
  parameters,
  { store, client_id }
) => {
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  return succeed({
    session_id: found.value.session_id,
    client_id,
    revisions: store.revisions.all(found.value.number).map((row) => ({
      revision: row.revision,
      at: isoTime(row.at),
      changed: JSON.parse(row.changed) as string[],
      bytes: row.bytes,
      cause: row.cause,
      label: row.label,
      is_current: row.revision === found.value.revision,
    })),
  })
}
