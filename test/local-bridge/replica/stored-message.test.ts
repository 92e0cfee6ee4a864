import { describe, expect, it } from 'vitest'
import { forSession, readKept, writeKept } from '../../../local-bridge/replica/stored-message.ts'
import { readMessage } from '../../../src/protocol/message.ts'
import { identify } from '../../../src/session/idempotency.ts'

const STATE = '{"big":12345678901234567890,"zero":-0,"__proto__":{"é":"\\u00e9"},"z":1,"a":[1.0]}'

/** A message as the journal would keep it. */
function kept(text: string) {
  const { id, message } = readMessage(text)
  if (!message.ok) throw new Error('the message cannot be read')
  return { id, message: message.value }
}

const identity = ({ id, message }: ReturnType<typeof kept>) =>
  identify({
    command: message.command,
    parameters: message.parameters,
    message_id: id,
    idempotency_key: message.idempotencyKey,
  })

describe('a message in the journal', () => {
  it.each([
    `{"id":7,"command":"update_session_state","parameters":{"session_id":"s","state_data":${STATE}}}`,
    `{"command":"update_session_state","session_id":"s","state_data":${STATE},"timeout":null}`,
    `{"id":"k","command":"create_session","idempotency_key":"once","parameters":{"client_id":"c","timeout":60.0,"client_info":{"platform":"ünix"}}}`,
    `{"id":"s","command":"save_context","parameters":{"session_id":"s","components":{"object_registry":${STATE}}}}`,
  ])('means the same as when it came, with its state to the letter: %s', (text) => {
    const before = kept(text)
    const after = readKept(writeKept(before))
    expect(after).toEqual(before)
    expect(identity(after ?? before)).toEqual(identity(before))
  })

  it('holds no token, wherever the token stood', () => {
    const beside = kept('{"command":"close_session","session_id":"s","auth_token":"secret-1"}')
    const inside = kept(
      '{"command":"close_session","parameters":{"session_id":"s","auth_token":"secret-2"}}'
    )
    expect(beside.message.authToken).toBe('secret-1')
    expect(writeKept(beside)).not.toContain('secret')
    expect(writeKept(inside)).not.toContain('secret')
  })

  it('goes to another session as another request, without conditions that were checked before', () => {
    const before = kept(
      `{"id":"u","idempotency_key":"k","command":"update_session_state","parameters":{"session_id":"s","if_revision":3,"state_data":${STATE}}}`
    )
    const { message } = forSession(before, 't')
    expect(message.parameters).toEqual({ session_id: 't', state_data: STATE })
    expect(message.idempotencyKey).toBeUndefined()
  })
})
