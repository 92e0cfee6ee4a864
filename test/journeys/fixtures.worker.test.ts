// The seeds' own messages, through the Worker, in every dialect.

import { describe, expect, it } from 'vitest'
import { CASES, type Members, play } from '../support/fixtures.ts'
import { newClient, WORKER } from '../support/worker.ts'

const send = async (message: Members): Promise<Members> => {
  const body = JSON.stringify(message)
  const request = new Request('http://localhost/v1/messages', { method: 'POST', body })
  return (await WORKER.fetch(request)).json()
}

describe('the Worker answers the examples of the seeds as the seeds show', () => {
  it.each(CASES)('%s', async (_, fixture, dialect) => {
    expect(await play(fixture, dialect, { send, client_id: newClient() })).toEqual([])
  })
})
