// When a bridge tells what waits in its journal, and what it says when it goes.

import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createJournalReports } from '../../../local-bridge/operate/journal-reports.ts'
import type { ClientHolding } from '../../../local-bridge/replica/holdings.ts'
import { createLink } from '../../../local-bridge/replica/link.ts'
import { REPORT_TIMEOUT_MS } from '../../../local-bridge/send-report.ts'
import { createUpstream, type Upstream } from '../../../local-bridge/upstream.ts'
import { reportBridgeStatus } from '../../../src/protocol/commands/report-bridge-status.ts'
import { BRIDGE_HEARTBEAT_MS, BRIDGE_REPORT_GAP_MS } from '../../../src/protocol/limits.ts'
import { createEventLog } from '../../support/event-log.ts'
import { answer, type HttpWorker, hang, startHttpWorker } from '../../support/http-worker.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

let worker: HttpWorker
let upstream: Upstream

beforeEach(async () => {
  worker = await startHttpWorker()
  upstream = createUpstream({ url: worker.url })
})

afterEach(async () => {
  await upstream.close()
  await worker.stop()
})

const holding = (client_id: string, its: Partial<ClientHolding> = {}): ClientHolding => ({
  ...{ client_id, waiting: 0, refused: 0, bytes: 0 },
  ...its,
})

function startReports() {
  const timer = createManualTimer()
  const log = createEventLog()
  let clients: readonly ClientHolding[] | undefined = []
  const link = createLink({
    ...{ probe: async () => true, renew: () => {}, onDown: () => {} },
    ...{ timer, chance: () => 0, log: log.log },
  })
  const reports = createJournalReports({
    ...{ standby: { link, clients: () => clients }, upstream, timer, log: log.log },
    ...{ chance: () => 0.5, bridgeId: 'b1', name: 'desk' },
  })
  /** What the nth report said. */
  const said = async (nth: number) => {
    await worker.arrived(nth)
    const { command, parameters } = JSON.parse(String(worker.requests[nth - 1]?.body))
    expect(command).toBe('report_bridge_status')
    return reportBridgeStatus.parameters.strict().parse(parameters)
  }
  /** Resolves once the answer to the nth report has been read. */
  const settled = async (nth: number) => {
    await said(nth)
    await expect.poll(() => timer.pending()).toBe(1)
  }
  return {
    ...{ timer, log, reports, said, settled, sent: () => worker.requests.length },
    hold: (...now: ClientHolding[]) => {
      clients = now
      reports.changed()
      timer.advance(0)
    },
    /** The folder cannot be had any more. */
    losesFolder: () => {
      clients = undefined
      reports.changed()
    },
  }
}

describe('a report of the journal', () => {
  it('says at once what each client has there, the one with most work first', async () => {
    const { hold, said } = startReports()
    const oldest = Date.UTC(2026, 2, 1, 9)
    hold(holding('idle'), holding('busy', { waiting: 2, refused: 1, bytes: 300, oldest }))
    expect(await said(1)).toEqual({
      ...{ bridge_id: 'b1', name: 'desk', version: expect.stringMatching(/^\d/) },
      clients: [
        {
          ...{ client_id: 'busy', records: 2, refused: 1, bytes: 300 },
          oldest_at: '2026-03-01T09:00:00.000Z',
        },
        { client_id: 'idle', records: 0, refused: 0, bytes: 0 },
      ],
    })
  })

  it('is sent at most every five seconds, and then says what is so by then', async () => {
    const { hold, said, settled, sent, timer } = startReports()
    hold(holding('a', { waiting: 1 }))
    await settled(1)
    hold(holding('a', { waiting: 2 }))
    hold(holding('a', { waiting: 3 }))
    timer.advance(BRIDGE_REPORT_GAP_MS - 1)
    expect(sent()).toBe(1)
    timer.advance(1)
    expect((await said(2)).clients[0]?.records).toBe(3)
  })

  it('that says nothing new is sent once in 45 seconds', async () => {
    const { hold, settled, sent, timer } = startReports()
    hold(holding('a'))
    await settled(1)
    hold(holding('a'))
    timer.advance(BRIDGE_HEARTBEAT_MS - 1)
    expect(sent()).toBe(1)
    timer.advance(1)
    await settled(2)
  })

  it('that was lost is sent again after five seconds', async () => {
    const { hold, log, settled, sent, timer } = startReports()
    await worker.stop()
    hold(holding('a', { waiting: 1 }))
    expect(await log.nth('journal_reported', 1)).toMatchObject({ outcome: 'unreachable' })
    await expect.poll(() => timer.pending()).toBe(1)
    await worker.start()
    timer.advance(BRIDGE_REPORT_GAP_MS - 1)
    expect(sent()).toBe(0)
    timer.advance(1)
    await settled(1)
    expect(log.of('journal_reported').at(-1)).toMatchObject({ outcome: 'success' })
  })

  it('that may have been heard is followed by another one, though all is as it was told before', async () => {
    const { hold, said, settled, timer, log } = startReports()
    hold(holding('a', { waiting: 1 }))
    await settled(1)
    worker.behave(hang)
    timer.advance(BRIDGE_REPORT_GAP_MS)
    hold(holding('a', { waiting: 2 }))
    await said(2)
    hold(holding('a', { waiting: 1 }))
    worker.behave(answer)
    timer.advance(REPORT_TIMEOUT_MS)
    await log.nth('journal_reported', 2)
    await setImmediate()
    timer.advance(BRIDGE_REPORT_GAP_MS - REPORT_TIMEOUT_MS)
    expect((await said(3)).clients[0]?.records).toBe(1)
  })

  it('of a bridge that serves nobody is sent once, to take back what an earlier run may have left', async () => {
    const { hold, said, settled, sent, timer } = startReports()
    hold()
    expect(sent()).toBe(0)
    timer.advance(BRIDGE_HEARTBEAT_MS)
    expect((await said(1)).clients).toEqual([])
    await settled(1)
    timer.advance(10 * BRIDGE_HEARTBEAT_MS)
    expect(sent()).toBe(1)
  })

  it('is not sent by a bridge that cannot have its folder: what waits there is taken back by nobody', async () => {
    const { hold, losesFolder, said, settled, timer } = startReports()
    hold(holding('a', { waiting: 2 }))
    await settled(1)
    losesFolder()
    timer.advance(3 * BRIDGE_HEARTBEAT_MS)
    hold(holding('a', { waiting: 3 }))
    expect((await said(2)).clients[0]?.records).toBe(3)
  })
})

describe('a bridge that stops', () => {
  it('takes back what is in step, and leaves word of what stays behind', async () => {
    const { hold, reports, said, settled } = startReports()
    hold(holding('a'), holding('b', { waiting: 2 }))
    await settled(1)
    await reports.stop()
    expect((await said(2)).clients.map(({ client_id }) => client_id)).toEqual(['b'])
  })

  it('says nothing if nobody was told of more', async () => {
    const { hold, reports, sent, settled } = startReports()
    hold(holding('b', { waiting: 2 }))
    await settled(1)
    await reports.stop()
    hold(holding('b', { waiting: 3 }))
    expect(sent()).toBe(1)
  })

  it('takes back what it does not know to be heard', async () => {
    const { hold, reports, said } = startReports()
    worker.behave(hang)
    hold(holding('a', { waiting: 2 }))
    await said(1)
    hold(holding('a'))
    worker.behave(answer)
    await reports.stop()
    expect((await said(2)).clients).toEqual([])
  })

  it('waits for no service that does not answer', async () => {
    const { hold, reports, settled, timer } = startReports()
    hold(holding('a'))
    await settled(1)
    worker.behave(hang)
    const stopped = reports.stop()
    await worker.arrived(2)
    timer.advance(500)
    await stopped
  })
})
