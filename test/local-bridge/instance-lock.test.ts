import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { takeLock } from '../../local-bridge/instance-lock.ts'
import { temporaryFolder } from '../support/stack-process.ts'

it('a lock whose holder cannot be written down is held by nobody', () => {
  const folder = temporaryFolder()
  const inTheWay = join(folder, 'pid')
  mkdirSync(inTheWay)
  expect(() => takeLock(folder)).toThrow(/EISDIR/)
  rmSync(inTheWay, { recursive: true })
  const lock = takeLock(folder)
  expect(lock.ok).toBe(true)
  if (lock.ok) lock.value.release()
})
