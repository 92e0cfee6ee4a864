import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDeveloper } from '../../../local-bridge/replica/developer.ts'
import { openNodeSql } from '../../../local-bridge/replica/node-sql.ts'
import { createStandby } from '../../../local-bridge/replica/standby.ts'
import type { Holder } from '../../../local-bridge/replica/work.ts'
import { createUpstream } from '../../../local-bridge/upstream.ts'
import { LOCAL_PRINCIPAL } from '../../../src/access/principal.ts'
import { toJsonText } from '../../../src/protocol/json-text.ts'
import { seededBytes } from '../../support/engine-random.ts'
import { createEventLog } from '../../support/event-log.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { answerWith, startHttpWorker } from '../../support/http-worker.ts'
import { createManualTimer } from '../../support/manual-timer.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

it('a replica that is off is on again soon after its key file was put back, with no restart', async () => {
  await using stack = new AsyncDisposableStack()
  const worker = await startHttpWorker()
  stack.defer(() => worker.stop())
  const upstream = createUpstream({ url: worker.url })
  stack.defer(() => upstream.close())
  const folder = temporaryFolder()
  const timer = createManualTimer()
  const { log, of } = createEventLog()
  const opened = () =>
    createStandby({
      ...{ upstream, folder, service: 's', holder: () => LOCAL_PRINCIPAL, timer, log },
      ...{ room: { entries: 1, bytes: 1 }, clock: fixedClock(), random: seededBytes(1) },
      ...{ chance: () => 0, newId: () => 'r', fullSync: false, addresses: () => '' },
    })
  const before = opened()
  expect(before.status()).toMatchObject({ held: { waiting: 0 } })
  expect(before.status()).not.toHaveProperty('trouble')
  before.stop()
  const [developer] = readdirSync(folder, { withFileTypes: true }).filter((one) =>
    one.isDirectory()
  )
  openNodeSql(join(folder, developer?.name ?? '', `${'r'.repeat(22)}.sqlite`))[Symbol.dispose]()
  const keys = join(folder, 'keys')
  renameSync(keys, join(folder, 'elsewhere'))
  const standby = opened()
  stack.defer(() => standby.stop())
  expect(standby.status()).toMatchObject({ trouble: expect.stringContaining('is missing') })
  renameSync(join(folder, 'elsewhere'), keys)
  timer.advance(4000)
  expect(standby.status()).not.toHaveProperty('held')
  timer.advance(2000)
  expect(standby.status()).toMatchObject({ held: { waiting: 0 } })
  expect(standby.status()).not.toHaveProperty('trouble')
  expect(of('replica_off')).toHaveLength(1)
  expect(of('replica_on')).toHaveLength(1)
})

/** A standby on a folder of its own, in front of a service that the test tells what to answer. */
async function startStage(holder: () => Holder, folder = temporaryFolder()) {
  const worker = await startHttpWorker()
  const upstream = createUpstream({ url: worker.url })
  const sentFor: string[] = []
  const timer = createManualTimer()
  const log = createEventLog()
  const open = () =>
    createStandby({
      upstream: {
        ...upstream,
        send: (body, options) => {
          sentFor.push(holder().subject)
          return upstream.send(body, options)
        },
      },
      ...{ folder, service: 's', holder, timer, log: log.log },
      ...{ room: { entries: 9, bytes: 9999 }, clock: fixedClock(), random: seededBytes(1) },
      ...{ chance: () => 0, newId: () => 'r', fullSync: false, addresses: () => '' },
    })
  let standby: ReturnType<typeof open> | undefined
  return {
    ...{ worker, folder, timer, log, sentFor },
    open: () => {
      standby = open()
      return standby
    },
    [Symbol.asyncDispose]: async () => {
      standby?.stop()
      await upstream.close()
      await worker.stop()
    },
  }
}

it('a service that is there again is used, though the folder of the replica is gone', async () => {
  await using stage = await startStage(() => LOCAL_PRINCIPAL)
  const { worker, folder, log } = stage
  worker.behave(answerWith(200, '{"status":"ok"}'))
  const { link } = stage.open()
  await worker.stop()
  expect(await link.look()).toBe(false)
  rmSync(folder, { recursive: true, force: true })
  await worker.start()
  expect(await link.look()).toBe(true)
  expect(log.of('uplink_up')).toHaveLength(1)
  expect(log.of('fault')).toHaveLength(1)
})

const UNWELL = '{"id":1,"status":"error","error":"It failed.","error_code":"internal_error"}'

it('work that is being delivered waits for its developer once the bridge speaks for another one', async () => {
  const frida = { team: 't', subject: 'frida', client_ids: [] }
  const priya = { team: 't', subject: 'priya', client_ids: [] }
  let holder = frida
  const folder = temporaryFolder()
  appendFor(frida, folder)
  await using stage = await startStage(() => holder, folder)
  const { worker, timer, log, sentFor } = stage
  worker.behave(answerWith(200, UNWELL))
  const standby = stage.open()
  await log.nth('delivery_put_off', 1)
  await new Promise(setImmediate)
  holder = priya
  timer.advance(1000)
  await new Promise(setImmediate)
  expect(sentFor).toEqual(['frida'])
  expect(standby.status()).toMatchObject({ held: { waiting: 0 } })
  holder = frida
  expect(standby.status()).toMatchObject({ held: { waiting: 1 } })
  expect(sentFor).toEqual(['frida', 'frida'])
})

/** Work of a developer that an earlier run has left in the folder. */
function appendFor(holder: Holder, folder: string): void {
  const opened = openDeveloper(holder, {
    ...{ folder, service: 's', clock: fixedClock(), random: seededBytes(1) },
    ...{ log: createEventLog().log, onFault: () => {} },
  })
  if (!opened.ok) throw new Error(opened.failure)
  const message = { id: 1, command: 'update_session_state', parameters: { session_id: 'x' } }
  opened.value.replicas.of('r'.repeat(22), { make: true })?.journal.append({
    ...{ team: 't', client_id: 'c', session_id: 'x', queue: 'x', delivery_id: 'd' },
    ...{ command: message.command, base: 1, promised: null, at: 0 },
    message: toJsonText(message),
  })
  opened.value.close()
}
