import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDataFolder } from '../../local-bridge/stack/data-folder.ts'
import { temporaryFolder } from '../support/stack-process.ts'

let base: string
let folder: string

beforeEach(() => {
  base = temporaryFolder()
  folder = join(base, 'deep', 'data')
})

afterEach(() => rmSync(base, { recursive: true }))

function opened() {
  const outcome = openDataFolder(folder)
  if (!outcome.ok) throw new Error(outcome.failure)
  return outcome.value
}

const secretFile = () => join(folder, 'session-secret')
const bitsOf = (path: string) => statSync(path).mode & 0o777

describe('the data folder', () => {
  it('is made with its parents, for its owner alone', () => {
    opened().release()
    expect(bitsOf(folder)).toBe(0o700)
    expect(bitsOf(join(folder, 'objects'))).toBe(0o700)
  })

  it('gets a secret of 32 random bytes on the first start and keeps it', () => {
    const first = opened()
    first.release()
    expect(Buffer.from(first.secret, 'base64url')).toHaveLength(32)
    expect(readFileSync(secretFile(), 'utf8')).toBe(`${first.secret}\n`)
    expect(bitsOf(secretFile())).toBe(0o600)
    const second = opened()
    second.release()
    expect(second.secret).toBe(first.secret)
  })

  it('gets another secret than any other folder', () => {
    const first = opened()
    first.release()
    folder = join(base, 'other')
    const second = opened()
    second.release()
    expect(second.secret).not.toBe(first.secret)
  })

  it('is emptied of what the last run left for nobody', () => {
    const { temporary, release } = opened()
    release()
    writeFileSync(join(temporary, 'left'), '')
    opened().release()
    expect(existsSync(join(temporary, 'left'))).toBe(false)
  })
})

describe('a data folder is refused in one sentence', () => {
  function refusal() {
    const outcome = openDataFolder(folder)
    if (outcome.ok) outcome.value.release()
    return outcome.ok ? 'it was opened' : outcome.failure
  }

  it.each([0o640, 0o604, 0o620])('when others have rights on its secret: %o', (mode) => {
    opened().release()
    chmodSync(secretFile(), mode)
    expect(refusal()).toMatch(/^\S+session-secret can be read by others than its owner: [^\n]+\.$/)
  })

  it.each(['', 'short', `${'A'.repeat(42)}B`, `${'A'.repeat(43)}=`, 'A'.repeat(44)])(
    'when its secret is damaged: "%s"',
    (secret) => {
      opened().release()
      writeFileSync(secretFile(), secret)
      expect(refusal()).toMatch(/^\S+session-secret is damaged, [^\n]+\.$/)
    }
  )

  it('when it holds sessions whose secret is gone', () => {
    const { objects, release } = opened()
    release()
    mkdirSync(join(objects, 'do'))
    rmSync(secretFile())
    expect(refusal()).toMatch(/^\S+ holds sessions but no session-secret, [^\n]+\.$/)
  })

  it('while another stack runs on it, and not after', () => {
    const { release } = opened()
    expect(refusal()).toBe(
      `Another stack (process ${process.pid}) runs on ${folder}: stop it, or choose another folder with --data.`
    )
    release()
    expect(refusal()).toBe('it was opened')
  })

  it('when a part of its path is a file', () => {
    writeFileSync(join(base, 'deep'), '')
    expect(refusal()).toBe(
      `Cannot keep data in ${folder}: a part of that path is a file; choose another folder with --data.`
    )
  })

  it('when it is a file itself', () => {
    mkdirSync(join(base, 'deep'))
    writeFileSync(folder, '')
    expect(refusal()).toContain('a part of that path is a file')
  })

  it.runIf(process.platform === 'linux')('where the system allows no folders', () => {
    folder = '/proc/stui/data'
    expect(refusal()).toMatch(/^Cannot keep data in \/proc\/stui\/data: [^\n]+ with --data\.$/)
  })
})
