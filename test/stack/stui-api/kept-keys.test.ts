import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKeptKeys } from '../../../local-bridge/stack/stui-api/kept-keys.ts'
import { SIGNING_ALGORITHMS } from '../../../local-bridge/stack/stui-api/keys.ts'
import { createTokens } from '../../../local-bridge/stack/stui-api/tokens.ts'
import { fixedClock, MINUTE } from '../../support/fixed-clock.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const ISSUER = 'http://127.0.0.1:8789'

let folder: string
let file: string

beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder, 'signing-keys')
})

afterEach(() => rmSync(folder, { recursive: true }))

/** The STUI API as it is after a start. */
async function started() {
  const opened = await openKeptKeys(file)
  if (!opened.ok) throw new Error(opened.failure)
  const clock = fixedClock()
  return { clock, keys: opened.value, tokens: createTokens(ISSUER, opened.value, clock) }
}

describe('signing keys in a file', () => {
  it('are made once, for their owner alone', async () => {
    const first = await started()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'utf8')
    const second = await started()
    expect(readFileSync(file, 'utf8')).toBe(text)
    const jwks = (keys: typeof first.keys) => keys.published().map(({ jwk }) => jwk)
    expect(jwks(second.keys)).toEqual(jwks(first.keys))
    expect(jwks(second.keys).flatMap(Object.keys)).not.toContain('d')
  })

  it.each(SIGNING_ALGORITHMS)(
    'vouch for a %s token after a restart, until it ends',
    async (alg) => {
      const token = await (await started()).tokens.issue('tessa', { alg })
      const { tokens, clock } = await started()
      expect(await tokens.introspect(token)).toMatchObject({ active: true, sub: 'user-tessa' })
      clock.advance(15 * MINUTE)
      expect(await tokens.introspect(token)).toEqual({ active: false })
    }
  )

  it('are others in another folder, whose tokens are none of ours', async () => {
    const stranger = await (await started()).tokens.issue('enzo')
    file = join(folder, 'other-keys')
    const { tokens } = await started()
    expect(await tokens.introspect(stranger)).toEqual({ active: false })
  })

  it('are refused in one sentence where others can read them', async () => {
    await started()
    chmodSync(file, 0o640)
    expect(await openKeptKeys(file)).toEqual({
      ok: false,
      failure: `${file} can be read or changed by others than its owner: make it private with chmod 600.`,
    })
  })

  it.each([
    ['are empty', () => ''],
    ['are cut off', (text: string) => text.slice(0, 400)],
    ['lack an algorithm', (text: string) => JSON.stringify(JSON.parse(text).slice(1))],
    ['have no private half', (text: string) => text.replaceAll('"d":', '"x5u":')],
    ['are of no curve', (text: string) => text.replaceAll('P-256', 'P-257')],
  ])('are refused in one sentence when they %s', async (_, damage) => {
    await started()
    writeFileSync(file, damage(readFileSync(file, 'utf8')))
    expect(await openKeptKeys(file)).toEqual({
      ok: false,
      failure: expect.stringMatching(
        /signing-keys is damaged: remove it to get new signing keys, [^\n]+\.$/
      ),
    })
  })
})
