// The rest of what an owner does in a day, with marks wherever a client may put state: contexts, documents, differences,
// images and batches. Answers that hold the own state are checked and not kept; all others are.

import { expect } from 'vitest'
import type { Members } from './fixtures.ts'
import { MARKED, OPAQUE, STATE } from './markers.ts'

export type Day = {
  /** Sends a command that must succeed; gives its result. */
  send(message: Members): Promise<Members>
  /** The same for an answer that nobody's state is in. */
  keep(message: Members): Promise<unknown>
}

/** Works on a session that has a first revision. */
export async function workWith({ send, keep }: Day, session_id: string): Promise<void> {
  const components = { user_preferences: { saved: STATE } }
  await send({ command: 'save_context', session_id, components })
  const loaded = await send({ command: 'load_context', session_id })
  expect(JSON.stringify(loaded)).toContain(STATE)
  await keep({ command: 'get_context_summary', session_id })
  const differs = await send({ command: 'diff_session_revisions', session_id, from_revision: 1 })
  expect(JSON.stringify(differs)).toContain(STATE)
  await send({ command: 'clear_context', session_id, components: ['inspector_state'] })
  await send({ command: 'get_session_info', session_id, state: true })
  for (const format of ['json', 'ston']) {
    const { content } = await send({ command: 'export_session', session_id, format })
    expect(content).toContain(STATE)
    await keep({ command: 'import_session', client_id: 'desk', content, name: `from ${format}` })
  }
  await withImages({ send, keep }, session_id)
}

async function withImages({ keep }: Day, session_id: string): Promise<void> {
  const image_id = 'pharo-12'
  await keep({ command: 'report_image_status', image_id, status: 'Connected', epoch: 'first' })
  const move = { command: 'switch_image_context', session_id, from_image_id: '' }
  await keep({ ...move, to_image_id: image_id, dry_run: true })
  await keep({ ...move, to_image_id: image_id })
  await keep({ command: 'renew_session', session_id })
  await keep({ command: 'get_image_connection_status', image_id })
  await keep({ command: 'list_image_sessions', image_id, client_id: 'desk' })
  await keep({ command: 'get_image_session_stats', image_id, client_id: 'desk' })
  const cleanup = { command: 'cleanup_image_sessions', image_id, client_id: 'desk' }
  await keep({ ...cleanup, preserve_active: false, force: true, dry_run: true })
}

/** What a bridge delivers: work that succeeds, and work that is refused, which is kept. */
export async function deliverBatches(
  url: string,
  { owner, session_id }: { readonly owner: string; readonly session_id: string },
  told: string[]
): Promise<void> {
  const update = { command: 'update_session_state', session_id, object_registry: MARKED }
  const batch = async (messages: readonly Members[]) => {
    const entries = messages.map((message) => ({ delivery_id: crypto.randomUUID(), message }))
    const response = await fetch(`${url}/v1/batches`, {
      method: 'POST',
      body: JSON.stringify(entries),
      headers: { authorization: `Bearer ${owner}` },
    })
    return response.text()
  }
  const [done] = JSON.parse(await batch([{ ...update, auth_token: OPAQUE }]))
  expect(done).toMatchObject({ status: 'success' })
  const refused = await batch([{ ...update, if_revision: 1, auth_token: OPAQUE }, update])
  expect(refused).toContain('revision_conflict')
  told.push(refused, await batch([{ ...update, session_id: STATE }]), await batch([MARKED]))
}
