// export_session: one revision as a document. Reads only; a lease is neither needed nor renewed.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import { utf8Bytes } from '../../protocol/json-text.ts'
import type { SessionRow } from '../../storage/sessions.ts'
import type { Store } from '../../storage/store.ts'
import { findSession, type Handler } from '../context.ts'
import { sha256 } from '../digest.ts'
import { exportText, fileName, MEDIA_TYPES } from '../export.ts'
import { keptManifest } from '../manifest.ts'
import { readState, recoveredFrom } from '../read-state.ts'
import { originsAt } from '../registry-epoch.ts'

export const exportSession: Handler<'export_session'> = (parameters, context) => {
  const { store, client_id, now, warn } = context
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const revision = parameters.revision ?? session.revision
  const manifest = keptManifest(store, session, revision)
  if (!manifest.ok) return manifest
  const state = readState(store, session, manifest.value)
  if (!state.ok) return state
  const recovered = Object.keys(state.value.recovered)
  if (recovered.length > 0) {
    warn(`Damaged, and exported from earlier revisions: ${recovered.join(', ')}.`)
  }

  const format = parameters.format ?? 'json'
  const last_modified = modifiedAt(store, session, revision)
  const { texts } = state.value
  const origins = originsAt(store, session.number, manifest.value, state.value.recovered)
  const content = exportText(
    { session, client_id, revision, last_modified, exported_at: now, texts, origins },
    format
  )
  return succeed({
    session_id: session.session_id,
    client_id,
    revision,
    format,
    file_name: fileName(client_id, now, format),
    media_type: MEDIA_TYPES[format],
    content,
    bytes: utf8Bytes(content),
    sha256: sha256(content),
    exported_at: isoTime(now),
    ...recoveredFrom(state.value.recovered),
  })
}

/** When the session became what it was at a revision. */
function modifiedAt(store: Store, session: SessionRow, revision: number): number {
  if (revision === session.revision) return session.last_modified
  return store.revisions.find(session.number, revision)?.at ?? session.last_modified
}
