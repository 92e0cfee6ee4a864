// Messages that are refused on the way, with marks wherever a client may put a token or state.

import { MAX_MESSAGE_BYTES } from '../../src/protocol/limits.ts'
import type { Members } from './fixtures.ts'
import { MARKED, OPAQUE, STATE, TOKEN } from './markers.ts'

/** Whole messages, and texts that are none. */
export function refusedMessages(session_id: string): string[] {
  const state = { state_data: MARKED }
  const update = { id: 'u', command: 'update_session_state', session_id }
  const messages: Members[] = [
    { ...update, ...state, if_revision: 1 },
    { ...update, ...state, if_revision: 1, auth_token: OPAQUE },
    { ...update, ...state, mode: 'neither' },
    { ...update, evaluation_history: STATE, mode: 'merge' },
    { ...update, state_data: STATE },
    { ...update, ...state, session_id: `${session_id.slice(0, -1)}!` },
    { ...update, state_data: { big: STATE.repeat(70_000) } },
    { ...update, ...state, client_id: 'another' },
    { ...update, ...state, idempotency_key: 'a-key' },
    { ...update, parameters: { session_id, state_data: { other: STATE } }, ...state },
    { id: 'n', command: 'no_such_command', auth_token: OPAQUE, parameters: state },
    { id: 'm', command: 'create_session', auth_token: OPAQUE, parameters: state },
    { id: 't', command: 'create_session', client_id: 7, auth_token: OPAQUE, ...state },
    { ...{ id: 'f', command: 'validate_feature_access' }, client_id: 'desk', feature: 'f' },
    { id: 'a', command: 'ping', auth_token: { token: OPAQUE } },
    { id: 'd', command: 'ping', parameters: { auth_token: OPAQUE } },
  ].map((message) => (message.id === 'f' ? { ...message, auth_token: OPAQUE } : message))
  const whole = JSON.stringify({ ...update, ...state, auth_token: OPAQUE })
  return [
    ...messages.map((message) => JSON.stringify(message)),
    whole.slice(0, -1),
    `${whole} ${STATE}`,
    whole.replace('"command"', `${STATE}`),
    STATE,
    OPAQUE,
    `"${STATE}"`,
    JSON.stringify([OPAQUE, MARKED]),
    whole.replace(`"${STATE}"`, `${'['.repeat(100)}"${STATE}"${']'.repeat(100)}`),
    whole.replace(STATE, `${STATE}\\ud800`),
    whole.replace(STATE, STATE.padEnd(MAX_MESSAGE_BYTES, '.')),
  ]
}

export type Bearers = {
  readonly session_id: string
  readonly owner: string
  readonly stranger: string
  readonly revoked: string
}

/** What the door says to all of them, with every token where a client may put one: headers and bodies. */
export async function answersAtTheDoor(url: string, bearers: Bearers): Promise<string[]> {
  const told: string[] = []
  const { session_id, owner, stranger, revoked } = bearers
  const headers = [owner, stranger, revoked, OPAQUE, `${TOKEN} ${TOKEN}`].map((token) => ({
    authorization: `Bearer ${token}`,
  }))
  const others = [{ authorization: `Basic ${OPAQUE}` }, { authorization: OPAQUE }, {}]
  for (const given of [...headers, ...others]) {
    for (const body of refusedMessages(session_id)) {
      await answer(`${url}/v1/messages`, { method: 'POST', body, headers: given }, told)
    }
  }
  await answer(`${url}/v1/messages?access_token=${OPAQUE}`, { method: 'POST' }, told)
  await answer(`${url}/nothing/${OPAQUE}`, {}, told)
  await answer(`${url}/v1/describe`, { headers: { 'x-request-id': `${STATE} ${OPAQUE}` } }, told)
  return told
}

/** Keeps status, headers and body. */
async function answer(url: string, request: RequestInit, told: string[]) {
  const response = await fetch(url, request)
  told.push(...[...response.headers].map((header) => header.join(': ')), await response.text())
}
