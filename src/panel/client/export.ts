// Exports a session to a file of the person's machine.

import type { Session } from '../view/listed.ts'
import { bytesText } from '../view/units.ts'
import { act } from './act.ts'
import { h } from './dom.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'

export async function exportSession(panel: Panel, session: Session): Promise<void> {
  const { session_id } = session
  const answer = await act(panel, {
    command: 'export_session',
    parameters: { session_id },
    doing: `Exporting ${nameOf(session)}`,
    done: ({ file_name, bytes }) => `${file_name} (${bytesText(Number(bytes))}) is downloaded.`,
  })
  if (!answer.ok) return
  const { content, media_type, file_name } = answer.value.result
  const url = URL.createObjectURL(new Blob([String(content)], { type: String(media_type) }))
  h('a', { href: url, download: String(file_name) }).click()
  panel.machine.after(RELEASED_AFTER_MS, () => URL.revokeObjectURL(url))
}

/** The browser has begun to read it by then. */
const RELEASED_AFTER_MS = 10_000
