// The messages of the benchmark. Every one has an id of its own: a repeated one would be answered from memory.

let sent = 0

export function createMessage(clientId: string): string {
  return JSON.stringify({
    id: nextId(),
    command: 'create_session',
    parameters: { client_id: clientId },
  })
}

/** The state goes in as text, so that writing it costs the client nothing. */
export function updateMessage(sessionId: string, state: string): string {
  return `{"id":"${nextId()}","command":"update_session_state","parameters":{"session_id":"${sessionId}","state_data":${state}}}`
}

export function restoreMessage(sessionId: string): string {
  return JSON.stringify({
    id: nextId(),
    command: 'restore_session',
    parameters: { session_id: sessionId },
  })
}

function nextId(): string {
  sent += 1
  return `bench-${String(sent).padStart(9, '0')}`
}
