// The seeds' own messages, through the Worker, in both dialects.

import { describe, expect, it } from 'vitest'
import { CASES, type Members, play } from '../support/fixtures.ts'
import { ask, newClient } from '../support/worker.ts'

const send = async (message: Members) => (await ask(message)).reply

describe('the Worker answers the examples of the seeds as the seeds show', () => {
  it.each(CASES)('%s', async (_, fixture, dialect) => {
    expect(await play(fixture, dialect, { send, client_id: newClient() })).toEqual([])
  })
})
