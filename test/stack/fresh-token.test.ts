import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepTokenFresh, LOOK_MS, RENEW_AFTER_MS } from '../../local-bridge/stack/fresh-token.ts'
import { TOKEN_LIFETIME_S } from '../../local-bridge/stack/stui-api/tokens.ts'
import { fixedClock, HOUR, MINUTE } from '../support/fixed-clock.ts'
import { createManualTimer } from '../support/manual-timer.ts'
import { temporaryFolder } from '../support/stack-process.ts'

let folder: string

beforeEach(() => {
  folder = temporaryFolder()
})

afterEach(() => rmSync(folder, { recursive: true }))

async function fixture(path = join(folder, 'token')) {
  const clock = fixedClock()
  const timer = createManualTimer()
  const lost: unknown[] = []
  let issued = 0
  const stop = await keepTokenFresh({
    ...{ path, clock, timer, onLost: (error) => lost.push(error) },
    issue: async () => `token-${++issued}`,
  })
  return {
    lost,
    stop,
    pending: () => timer.pending(),
    token: () => readFileSync(path, 'utf8'),
    bits: () => statSync(path).mode & 0o777,
    /** Time goes by for the clock; the timer sees the part of it in which the machine was awake. */
    pass: async (ms: number, awakeMs = ms) => {
      clock.advance(ms)
      timer.advance(awakeMs)
      await setImmediate()
    },
  }
}

describe("the token file of the stack's bridge", () => {
  it('holds a token from the beginning, for its owner alone', async () => {
    const path = join(folder, 'token')
    writeFileSync(path, 'left behind')
    chmodSync(path, 0o644)
    const { token, bits } = await fixture(path)
    expect(token()).toBe('token-1\n')
    expect(bits()).toBe(0o600)
  })

  it('gets a new token when the old one is half over, and not before', async () => {
    expect(RENEW_AFTER_MS).toBe((TOKEN_LIFETIME_S * 1000) / 2)
    const { pass, token } = await fixture()
    await pass(RENEW_AFTER_MS - LOOK_MS)
    expect(token()).toBe('token-1\n')
    await pass(LOOK_MS)
    expect(token()).toBe('token-2\n')
    await pass(LOOK_MS)
    expect(token()).toBe('token-2\n')
  })

  it('gets a new token soon after the machine has slept', async () => {
    const { pass, token } = await fixture()
    await pass(8 * HOUR, LOOK_MS)
    expect(token()).toBe('token-2\n')
  })

  it('gets a new token when the clock was set back, as the old one is not valid yet', async () => {
    const { pass, token } = await fixture()
    await pass(-HOUR, LOOK_MS)
    expect(token()).toBe('token-2\n')
  })

  it('that cannot be written is told once, and written as soon as it can be', async () => {
    const path = join(folder, 'below', 'token')
    await expect(fixture(path)).rejects.toMatchObject({ code: 'ENOENT' })
    const { lost, pass, token } = await fixture()
    const aside = `${folder}-aside`
    renameSync(folder, aside)
    await pass(10 * MINUTE, LOOK_MS)
    await pass(LOOK_MS)
    expect(lost).toEqual([expect.objectContaining({ code: 'ENOENT' })])
    renameSync(aside, folder)
    await pass(LOOK_MS)
    expect(token()).toMatch(/^token-\d\n$/)
    expect(token()).not.toBe('token-1\n')
  })

  it('is left alone after the stop', async () => {
    const { stop, pass, pending, token } = await fixture()
    stop()
    expect(pending()).toBe(0)
    await pass(HOUR)
    expect(token()).toBe('token-1\n')
  })
})
