import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openNodeSql } from '../../../local-bridge/replica/node-sql.ts'
import { createStandby } from '../../../local-bridge/replica/standby.ts'
import { createUpstream } from '../../../local-bridge/upstream.ts'
import { LOCAL_PRINCIPAL } from '../../../src/access/principal.ts'
import { seededBytes } from '../../support/engine-random.ts'
import { createEventLog } from '../../support/event-log.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { startHttpWorker } from '../../support/http-worker.ts'
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
