import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openLog } from '../../local-bridge/log.ts'
import type { LogSettings } from '../../local-bridge/log-settings.ts'
import { temporaryFolder } from '../support/stack-process.ts'

async function opened(
  more: Partial<NonNullable<LogSettings['file']>> = {},
  format: LogSettings['format'] = 'json'
) {
  const folder = join(temporaryFolder(), 'logs')
  const told: string[] = []
  const file = { path: join(folder, 'bridge.log'), maxBytes: 10_000, files: 3, ...more }
  const log = await openLog({ level: 'info', format, file }, (sentence) => told.push(sentence))
  if (!log.ok) throw new Error(log.failure)
  return { folder, told, log: log.value }
}

const files = (folder: string) => readdirSync(folder).sort((a, b) => numberOf(a) - numberOf(b))

const numberOf = (name: string) => Number(/\d+/.exec(name)?.[0])

describe('the log in files', () => {
  it('is on the disk when the event has been told, and private to its owner', async () => {
    const { folder, log } = await opened()
    log({ event: 'uplink_down' })
    const path = join(folder, 'bridge.1.log')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ event: 'uplink_down' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('goes on in the next file when one is full, loses no line and removes the oldest', async () => {
    const { folder, log } = await opened()
    let told = 0
    while (!files(folder).includes('bridge.5.log')) {
      told += 1
      log({ event: 'caught_up', delivered: told })
      await setImmediate()
    }
    await expect.poll(() => files(folder)).toEqual(['bridge.3.log', 'bridge.4.log', 'bridge.5.log'])
    const lines = files(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').trim().split('\n')
    )
    const numbers = lines.filter((line) => line !== '').map((line) => JSON.parse(line).delivered)
    expect(numbers).toEqual(Array.from(numbers, (_, index) => numbers[0] + index))
    expect(numbers.at(-1)).toBe(told)
    for (const name of files(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(10_300)
  })

  it('goes on in the last file when the bridge is started again', async () => {
    const { folder, log } = await opened()
    log({ event: 'uplink_down' })
    const file = { path: join(folder, 'bridge.log'), maxBytes: 10_000, files: 3 }
    const again = await openLog({ level: 'info', format: 'json', file }, () => {})
    if (again.ok) again.value({ event: 'replica_complete' })
    expect(readFileSync(join(folder, 'bridge.1.log'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  it('is readable without colours when that is asked for', async () => {
    const { folder, log } = await opened({}, 'pretty')
    log({ event: 'caught_up', delivered: 7 })
    const text = readFileSync(join(folder, 'bridge.1.log'), 'utf8')
    expect(text).toMatch(/INFO: caught_up \{"delivered":7\}\n$/)
    expect(text).not.toContain('\u001b')
  })

  it('tells once that it cannot be written, and the bridge goes on', async () => {
    const { folder, told, log } = await opened()
    mkdirSync(join(folder, 'bridge.2.log'))
    for (let n = 0; n < 300; n += 1) {
      log({ event: 'caught_up', delivered: n })
      await setImmediate()
    }
    expect(told).toEqual(['The log file cannot be written (EISDIR): its lines are lost.'])
  })

  it('says why it cannot be opened', async () => {
    const { folder } = await opened()
    const path = join(folder, 'bridge.1.log', 'x.log')
    const log = await openLog(
      { level: 'info', format: 'json', file: { path, maxBytes: 10_000, files: 2 } },
      () => {}
    )
    expect(log).toMatchObject({
      ok: false,
      failure: expect.stringMatching(/^The log file cannot be opened \(E\w+\)\.$/),
    })
  })
})
