// Calling an object whose stub breaks: real rules, a stub that fails as the platform's do.

import { describe, expect, it } from 'vitest'
import { executeOnce } from '../../src/client-object/stub.ts'
import type { Answering, Call, Reply } from '../../src/protocol/call.ts'
import { fail } from '../../src/protocol/failures.ts'
import type { JsonText } from '../../src/protocol/json-text.ts'

const REPLY: Reply = {
  outcome: fail({ reason: 'session_not_found' }),
  replayed: false,
  warnings: [],
}

const READ: Call = {
  command: 'get_session_info',
  parameters: {},
  caller: { team: 'local', subject: 'local', client_ids: [] },
}
const CHANGE: Call = {
  command: 'close_session',
  parameters: {},
  caller: { team: 'local', subject: 'local', client_ids: [] },
}

/** Stubs of which the first one breaks. */
function breakingOnce(flags: { readonly retryable?: boolean; readonly overloaded?: boolean }) {
  let stubs = 0
  const fresh = (): Answering => {
    stubs += 1
    const isFirst = stubs === 1
    return {
      execute: async () => {
        if (isFirst) throw Object.assign(new Error('the object moved'), flags)
        return REPLY
      },
    }
  }
  return { fresh, stubs: () => stubs }
}

describe('a stub that breaks', () => {
  it('is replaced by a fresh one where the platform says that this may help', async () => {
    const { fresh, stubs } = breakingOnce({ retryable: true })
    expect(await executeOnce(fresh, READ)).toBe(REPLY)
    expect(stubs()).toBe(2)
  })

  it.each([
    ['a message id', { message_id: '"1"' as JsonText }],
    ['an idempotency key', { idempotency_key: 'k' }],
    ['a delivery id', { delivery_id: 'd' }],
  ])('is replaced for a change that carries %s', async (_, known) => {
    const { fresh } = breakingOnce({ retryable: true })
    expect(await executeOnce(fresh, { ...CHANGE, ...known })).toBe(REPLY)
  })

  it.each([
    ['for a change that nothing tells from its repetition', { retryable: true }, CHANGE],
    [
      'for a change whose message has a null id',
      { retryable: true },
      { ...CHANGE, message_id: 'null' as JsonText },
    ],
    ['where the object is overloaded', { retryable: true, overloaded: true }, READ],
    ['where the platform does not say so', {}, READ],
  ])('is not replaced %s', async (_, flags, call) => {
    const { fresh, stubs } = breakingOnce(flags)
    await expect(executeOnce(fresh, call)).rejects.toThrow('the object moved')
    expect(stubs()).toBe(1)
  })
})
