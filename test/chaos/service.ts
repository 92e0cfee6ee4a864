// Asks the Worker itself, past bridge and network: as another machine does, and to see at the end what is there.

import * as z from 'zod'
import { type Reply, readReply } from '../support/reply.ts'
import type { State } from './state.ts'

const listed = z.object({ session_id: z.string(), name: z.string() })

export type Listed = z.output<typeof listed>

export type SessionThere = Listed & { readonly status: string; readonly state: State }

export async function askService(url: string, command: string, parameters: object): Promise<Reply> {
  const body = JSON.stringify({ command, parameters })
  const response = await fetch(`${url}/v1/messages`, { method: 'POST', body })
  return readReply(await response.text())
}

/** Every session of a client, with its state. */
export async function sessionsThere(url: string, client_id: string): Promise<SessionThere[]> {
  const parameters = { client_id, include: 'all', limit: 200 }
  const { result } = await askService(url, 'list_client_sessions', parameters)
  const found: SessionThere[] = []
  for (const { session_id, name } of z.array(listed).parse(result?.sessions ?? [])) {
    const info = await askService(url, 'get_session_info', { session_id, state: true })
    const state = info.result as State
    found.push({ session_id, name, status: String(info.result?.status), state })
  }
  return found
}
