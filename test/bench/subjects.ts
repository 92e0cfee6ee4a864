// The sessions that a case works on: one client, thus one object, for each of the requests that run at once.

import { deepStrictEqual } from 'node:assert/strict'
import type { HttpClient } from './http-client.ts'
import { createMessage, restoreMessage, updateMessage } from './messages.ts'
import { type StateMaker, stateMaker } from './states.ts'

/** A session whose state has a size, and what is done with it. */
export type Subject = {
  /** Sends the next, different state; gives the answer. */
  update(): Promise<Buffer>
  restore(): Promise<Buffer>
}

type SessionAnswer = {
  readonly result: { readonly session_id: string; readonly session_state?: unknown }
}

let clients = 0

/** A client id that nobody had before. */
export function newClientId(): string {
  clients += 1
  return `bench-client-${clients}`
}

/** Creates a session with a state of `bytes` bytes, and makes sure that the state comes back. */
export async function createSubject(http: HttpClient, bytes: number): Promise<Subject> {
  const created = readAnswer(await http.send(createMessage(newClientId())))
  const { session_id } = created.result
  const states = stateMaker(bytes)
  let step = 0
  const subject: Subject = {
    update: () => {
      step += 1
      return http.send(updateMessage(session_id, states(step)), bytes)
    },
    restore: () => http.send(restoreMessage(session_id), bytes),
  }
  await subject.update()
  return subject
}

/** Throws unless update and restore both give the state that was sent last. */
export async function verifySubject(http: HttpClient, bytes: number): Promise<void> {
  const { result } = readAnswer(await http.send(createMessage(newClientId())))
  const states: StateMaker = stateMaker(bytes)
  for (const step of [1, 2]) {
    const sent: unknown = JSON.parse(states(step))
    const updated = readAnswer(await http.send(updateMessage(result.session_id, states(step))))
    deepStrictEqual(updated.result.session_state, sent)
    const restored = readAnswer(await http.send(restoreMessage(result.session_id)))
    deepStrictEqual(restored.result.session_state, sent)
  }
}

function readAnswer(answer: Buffer): SessionAnswer {
  return JSON.parse(answer.toString()) as SessionAnswer
}
