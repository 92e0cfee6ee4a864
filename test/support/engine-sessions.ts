// Short ways to what most tests of the engine begin with.

import type { ClientCommand } from '../../src/session/context.ts'
import type { EngineHost } from './engine-host.ts'
import type { Refused, SendOptions, Sent } from './engine-send.ts'

/** The client of a test unless it says otherwise. */
export const CLIENT = 'client_001'

/** Creates a session and gives its id. */
export function create(host: EngineHost, parameters: Readonly<Record<string, unknown>> = {}) {
  return host.done('create_session', { client_id: CLIENT, ...parameters }).result.session_id
}

/** Creates so many sessions, one second apart, and gives their ids. */
export function createSeveral(host: EngineHost, count: number): string[] {
  return Array.from({ length: count }, () => {
    host.clock.advance(1000)
    return create(host)
  })
}

/** Replaces the session state; gives the new revision. */
export function update(host: EngineHost, session_id: string, state_data: unknown): number {
  return host.done('update_session_state', { session_id, state_data }).result.revision
}

/** Restores a session's state as text. */
export function stateText(host: EngineHost, session_id: string, component = 'session_state') {
  return host.done('restore_session', { session_id }).member(component)
}

/** The audit log of the client as its owner reads it. */
export function auditLog(host: EngineHost, owner: SendOptions = {}) {
  return host.done('get_audit_log', { client_id: CLIENT, limit: 200 }, owner).result.entries
}

/** Writes the parameters of an update whose state is spelled as given. */
export function rawState(session_id: string, text: string, name = 'state_data', more = ''): string {
  return `{"session_id":${JSON.stringify(session_id)},"${name}":${text}${more}}`
}

/** Sends the first recovery that a refusal offers. */
export function follow(host: EngineHost, { recovery, error_code }: Refused): Sent<ClientCommand> {
  const [first] = recovery
  if (first === undefined) throw new Error(`${error_code} offers no recovery`)
  return host.send(first.command as ClientCommand, first.parameters)
}
