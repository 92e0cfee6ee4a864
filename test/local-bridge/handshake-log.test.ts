import { expect, it } from 'vitest'
import { createHandshakeLog } from '../../local-bridge/handshake-log.ts'
import { createEventLog } from '../support/event-log.ts'
import { createManualTimer } from '../support/manual-timer.ts'

it('tells the same refusal once in ten seconds', () => {
  const { log, events } = createEventLog()
  const timer = createManualTimer()
  const { refused } = createHandshakeLog(log, timer)
  const refusal = { cause: 'key_not_allowed', peer: '10.0.0.7', public_key: 'a' } as const
  for (let nth = 0; nth < 50; nth += 1) refused(refusal)
  expect(events).toEqual([{ event: 'handshake_refused', ...refusal }])
  timer.advance(10_000)
  refused(refusal)
  expect(events).toHaveLength(2)
})

it('does not let a stranger with ever new keys fill the log', () => {
  const { log, events } = createEventLog()
  const timer = createManualTimer()
  const { refused } = createHandshakeLog(log, timer)
  for (let nth = 0; nth < 5000; nth += 1) {
    refused({ cause: 'key_not_allowed', peer: '10.0.0.7', public_key: String(nth) })
  }
  expect(events).toHaveLength(100)
  timer.advance(10_000)
  refused({ cause: 'key_not_allowed', peer: '10.0.0.7', public_key: 'later' })
  expect(events).toHaveLength(101)
})
