import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rememberedHolder } from '../../../local-bridge/replica/remembered-holder.ts'
import { LOCAL_PRINCIPAL } from '../../../src/access/principal.ts'
import { seededBytes } from '../../support/engine-random.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const TOKEN = 'a token'
const FRIDA = { ...LOCAL_PRINCIPAL, subject: 'frida' }

it('whose token it is is remembered as soon as the disk takes it', () => {
  const folder = temporaryFolder()
  const parts = { folder, clock: fixedClock(), random: seededBytes(1) }
  const vouched = () => ({ kind: 'good', token: TOKEN, principal: FRIDA, askedAt: 0 }) as const
  const holder = rememberedHolder({ identity: { vouched, unchecked: () => undefined }, ...parts })
  const inTheWay = join(folder, 'holder.new')
  mkdirSync(inTheWay)
  expect(holder()?.subject).toBe('frida')
  rmdirSync(inTheWay)
  holder()
  const nobody = { vouched: () => undefined, unchecked: () => TOKEN }
  const after = rememberedHolder({ identity: nobody, ...parts })
  expect(after()?.subject).toBe('frida')
})
