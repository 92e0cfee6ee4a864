// What happens while a session is made active again: attempts that are still on their way, clients that ask again, and what
// the client has yet to be told.

import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createDelivery, type DeliveryDependencies } from '../../local-bridge/delivery.ts'
import { LIMITS } from '../../local-bridge/limits.ts'
import { createRelay, type Errand, type Relay } from '../../local-bridge/relay.ts'
import { type Request, readRequest } from '../../local-bridge/request.ts'
import { createRevival } from '../../local-bridge/revival.ts'
import { createUpstream } from '../../local-bridge/upstream.ts'
import { succeed } from '../../src/outcome.ts'
import { createEventLog } from '../support/event-log.ts'
import { createManualTimer, type ManualTimer } from '../support/manual-timer.ts'

const AWAY = { reason: 'upstream_unavailable', detail: 'gone' } as const

const UPDATE = { id: 1, command: 'update_session_state', parameters: { session_id: 's' } }

const expired = (warnings: readonly string[] = []) => said('session_expired', warnings)
const done = (warnings: readonly string[] = []) => said('success', warnings)

function said(outcome: string, warnings: readonly string[]) {
  const status = outcome === 'success' ? outcome : 'error'
  const reply = { status, error_code: outcome, details: { session_id: 's' }, meta: { warnings } }
  return succeed({ outcome, bytes: Buffer.from(JSON.stringify(reply)) })
}

function errandOf(timer: ManualTimer): Errand {
  const read = readRequest([Buffer.from(JSON.stringify(UPDATE))])
  if (!read.ok || read.value.to !== 'service') throw new Error('the message cannot be read')
  const request = read.value
  return {
    ...{ requestId: 'r', request, body: request.body, deliveryId: 'd', isOpen: false },
    ...{ abort: new AbortController(), answerBy: timer.ticks() + LIMITS.decideAfterMs },
    ...{ sent: false, unreachable: undefined },
  }
}

/** A service that answers as the test says, and notes which command was sent to it. */
function startUpstream(answer: (command: string) => ReturnType<typeof done> | undefined) {
  const sent: string[] = []
  const upstream = {
    ...createUpstream({ url: 'http://127.0.0.1' }),
    send: async (body: Uint8Array) => {
      const { command } = JSON.parse(String(body))
      sent.push(command)
      const reason = 'unreachable' as const
      return answer(command) ?? { ok: false as const, failure: { reason, detail: 'gone' } }
    },
  }
  return { upstream, sent }
}

const revival = (relay: Relay) =>
  createRevival({ relay, newId: () => 'renewal', log: createEventLog().log })

/** Lets time pass in steps, each with what follows from it. */
async function pass(timer: ManualTimer, ms: number) {
  for (let passed = 0; passed < ms; passed += 50) {
    timer.advance(50)
    await setImmediate()
  }
}

describe('a message whose session is made active again', () => {
  it('is sent no more once it was answered from this machine', async () => {
    const timer = createManualTimer()
    const { upstream, sent } = startUpstream(() => undefined)
    let isUp = true
    let lost = () => {}
    const look = async () => {
      isUp = false
      lost()
      return false
    }
    let isActive = false
    const standby = {
      link: {
        ...{ isUp: () => isUp, look, suspect: look, heard: () => {}, wake: () => {} },
        onLost: (call: () => void) => {
          lost = call
          return () => {}
        },
      },
      ...{ isAhead: () => false, caughtUp: async () => {} },
      answer: ({ message }: Request) => {
        if (message.command === 'renew_session') isActive = true
        return isActive ? done() : expired()
      },
      passed: (_: Request, reply: ReturnType<typeof done>['value']) => reply,
    } satisfies DeliveryDependencies['standby']
    const relay = createRelay({ upstream, timer, limits: LIMITS, log: createEventLog().log })
    const kicked = {
      ...relay,
      carry: (...given: Parameters<Relay['carry']>) => {
        void setImmediate().then(look)
        return relay.carry(...given)
      },
    }
    const delivery = createDelivery({ relay: kicked, standby, timer, limits: LIMITS })
    const given = await revival(delivery).carry(errandOf(timer))
    expect(given).toMatchObject({ ok: true, value: { outcome: 'success' } })
    await pass(timer, 1000)
    expect(sent).toEqual(['update_session_state'])
  })

  it('waits for the service as long as somebody waits for the message', async () => {
    const timer = createManualTimer()
    let isThere = true
    let isActive = false
    const { upstream } = startUpstream((command) => {
      if (command === 'renew_session' && isThere) isActive = true
      if (!isActive && isThere) {
        isThere = false
        return expired()
      }
      return isThere ? done() : undefined
    })
    const relay = createRelay({ upstream, timer, limits: LIMITS, log: createEventLog().log })
    const errand = errandOf(timer)
    const given = revival(relay).carry(errand)
    await pass(timer, 1000)
    errand.answerBy = timer.ticks() + LIMITS.decideAfterMs
    await pass(timer, 2000)
    isThere = true
    await pass(timer, 1000)
    expect(await given).toMatchObject({ ok: true, value: { outcome: 'success' } })
  })

  it('loses nothing of what its client has yet to be told', async () => {
    const timer = createManualTimer()
    const answers = [expired(['a copy was kept']), done(['another one']), done(['another one'])]
    const relay = { carry: async () => answers.shift() ?? done(), undecided: () => AWAY }
    const given = await revival(relay).carry(errandOf(timer))
    const { meta } = JSON.parse(String(given.ok && given.value.bytes))
    expect(meta.warnings).toEqual([
      'another one',
      'a copy was kept',
      expect.stringContaining('the bridge has made it active'),
    ])
  })

  it('is refused with what its client has yet to be told', async () => {
    const timer = createManualTimer()
    const answers = [expired(['a copy was kept']), said('session_closed', ['another one'])]
    const relay = { carry: async () => answers.shift() ?? done(), undecided: () => AWAY }
    const given = await revival(relay).carry(errandOf(timer))
    const { error_code, meta } = JSON.parse(String(given.ok && given.value.bytes))
    expect([error_code, meta.warnings]).toEqual([
      'session_expired',
      ['a copy was kept', 'another one'],
    ])
  })
})
