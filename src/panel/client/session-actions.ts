// What can be done with one session, as its menu offers it: what makes sense as it stands now.

import { isRunning, type Session } from '../view/listed.ts'
import { act, type Deed } from './act.ts'
import { exportSession } from './export.ts'
import { openHistory } from './history.ts'
import type { MenuItem } from './menu.ts'
import { openMove } from './move.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'
import { openRename } from './rename.ts'

export function sessionMenu(panel: Panel, session: Session): MenuItem[] {
  if (session.is_own === false) return adminsMenu(panel, session)
  const history = { label: 'History and revert…', press: () => void openHistory(panel, session) }
  const exported = { label: 'Export to a file', press: () => void exportSession(panel, session) }
  if (!isRunning(session, panel.machine.now())) {
    return [{ label: 'Revive', press: () => void act(panel, reviving(session)) }, history, exported]
  }
  return [
    { label: 'Rename…', press: () => openRename(panel, session) },
    { label: 'Extend the lease', press: () => void act(panel, extending(session)) },
    history,
    { label: 'Move to another image…', press: () => openMove(panel, session) },
    exported,
    { label: 'Close', press: () => void act(panel, closing(session)) },
  ]
}

/** What an admin may do with a session of somebody else, and why there is no more. */
function adminsMenu(panel: Panel, session: Session): MenuItem[] {
  const why = { label: 'Name, history and export are for its owner alone' }
  if (!isRunning(session, panel.machine.now())) {
    return [{ label: 'Revive', press: () => void act(panel, reviving(session)) }, why]
  }
  return [
    { label: 'Extend the lease', press: () => void act(panel, extending(session)) },
    { label: 'Move to another image…', press: () => openMove(panel, session) },
    { label: 'Close', press: () => void act(panel, closing(session)) },
    why,
  ]
}

export function reviving(session: Pick<Session, 'name' | 'session_id'>): Deed {
  const { session_id } = session
  return {
    command: 'renew_session',
    parameters: { session_id, revive: true },
    doing: `Reviving ${nameOf(session)}`,
    done: () => `${nameOf(session)} is active again.`,
  }
}

function extending(session: Session): Deed {
  const { session_id } = session
  return {
    command: 'renew_session',
    parameters: { session_id },
    doing: `Extending ${nameOf(session)}`,
    done: ({ expires_at }) => {
      const until = new Date(String(expires_at)).toLocaleTimeString()
      return `The lease of ${nameOf(session)} runs until ${until}.`
    },
  }
}

function closing(session: Session): Deed {
  const { session_id } = session
  return {
    command: 'close_session',
    parameters: { session_id },
    doing: `Closing ${nameOf(session)}`,
    done: ({ restorable_until }) => {
      const until = new Date(String(restorable_until)).toLocaleDateString()
      return `${nameOf(session)} is closed. It can be revived until ${until}.`
    },
    undo: reviving(session),
  }
}
