// Messages that the tests of the stack send, each over a socket of its own.

import type { Reply } from './reply.ts'
import { connectReq } from './req-client.ts'

export const PING = { id: '1', command: 'ping' }

export const create = (client_id: string) => ({
  id: client_id,
  command: 'create_session',
  parameters: { client_id },
})

export async function ask(endpoint: string, message: unknown): Promise<Reply> {
  const client = connectReq(endpoint)
  try {
    return await client.ask(message)
  } finally {
    client.close()
  }
}
