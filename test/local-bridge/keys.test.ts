import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { curveKeyPair } from 'zeromq'
import { readAllowList } from '../../local-bridge/allow-list.ts'
import { runKeysTask } from '../../local-bridge/keys.ts'
import { readKeysTask } from '../../local-bridge/keys-config.ts'
import { isKeyText, toZ85 } from '../../local-bridge/z85.ts'
import { curveFolder } from './curve-fixture.ts'

/** Does what the words say; gives what is printed, or the sentence. */
function keys(...args: string[]): string {
  const reading = readKeysTask({ args, env: {} })
  if (reading.kind === 'print') return reading.text
  if (reading.kind === 'refuse') return reading.sentence
  const done = runKeysTask(reading.values)
  return done.ok ? done.value : done.failure
}

describe('stui-bridge keys', () => {
  it('makes private files only', () => {
    using folder = curveFolder()
    folder.allow('desk')
    for (const file of readdirSync(folder.path)) {
      expect(statSync(join(folder.path, file)).mode & 0o777).toBe(0o600)
    }
    expect(statSync(folder.path).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder.path).sort()).toEqual([
      ...['allowed-clients', 'desk.client.key', 'server.key'],
    ])
  })

  it('lists the public keys and no secret one', () => {
    using folder = curveFolder()
    const desk = folder.allow('desk')
    const elsewhere = curveKeyPair().publicKey
    expect(keys('add', 'lab', '--curve-keys', folder.path, '--', elsewhere)).toBe(
      'lab may connect.\n'
    )
    const listed = keys('list', '--curve-keys', folder.path)
    expect(listed).toContain(`The public key of the bridge: ${folder.serverKey}\n`)
    expect(listed).toContain(`${desk.curvePublicKey}  desk\n${elsewhere}  lab\n`)
    expect(listed).toMatch(/taken out counts when that client connects the next time; [^\n]+\.\n$/)
    expect(listed).not.toContain(desk.curveSecretKey)
    const { secret_key } = JSON.parse(readFileSync(join(folder.path, 'server.key'), 'utf8'))
    expect(listed).not.toContain(secret_key)
  })

  it('never writes over what is there', () => {
    using folder = curveFolder()
    const desk = folder.allow('desk')
    const all = () =>
      readdirSync(folder.path).map((file) => readFileSync(join(folder.path, file), 'utf8'))
    const before = all()
    const other = curveKeyPair().publicKey
    expect(keys('init', '--curve-keys', folder.path)).toContain('server.key exists already')
    expect(keys('new-client', 'desk', '--curve-keys', folder.path)).toContain(
      'has a client desk already'
    )
    expect(keys('add', 'desk', '--curve-keys', folder.path, '--', other)).toContain(
      'has a client desk already'
    )
    expect(keys('add', 'twin', '--curve-keys', folder.path, '--', desk.curvePublicKey)).toContain(
      'has this key already, as desk'
    )
    expect(all()).toEqual(before)
  })

  it.each([
    [[], /^stui-bridge keys: say what to do: init, list, add, new-client; [^\n]+\.$/],
    [['burn'], /^stui-bridge keys: say what to do/],
    [['init'], /^stui-bridge keys init: --curve-keys must name a folder\.$/],
    [['list', '--curve-keys', '/nowhere'], /server\.key cannot be read \(ENOENT\); [^\n]+\.$/],
    [['init', '--curve-keys', '/dev/null/x'], /^\/dev\/null\/x cannot be made \(ENOTDIR\)\.$/],
    [['new-client', '../x', '--curve-keys', 'x'], /: <name> must be 1 to 64 letters[^\n]+\.$/],
    [['add', 'x', '--curve-keys', 'x'], /missing required argument 'public-key'/],
    [['add', 'x', 'secret', '--curve-keys', 'x'], /: <public-key> must be a public key[^\n]+\.$/],
  ])('%j is refused in one sentence', (args, sentence) => {
    expect(keys(...args)).toMatch(sentence)
    expect(keys(...args)).not.toContain('secret')
  })

  it('--help shows the tasks', () => {
    expect(keys('--help')).toMatch(/init .*\n.*list .*\n.*add .*\n.*new-client /)
    expect(keys('add', '--help')).toMatch(/<name> <public-key>/)
  })
})

describe('the allow list', () => {
  it('takes comments, empty lines and keys with a # in them', () => {
    const key = '#'.repeat(40)
    expect(readAllowList(`# head\n\n#\n${key} # desk at home\r\n  ${key}\n`)).toEqual({
      ok: true,
      value: [
        { publicKey: key, name: 'desk at home' },
        { publicKey: key, name: '' },
      ],
    })
  })

  it.each(['short # desk', `${'a'.repeat(40)} desk`, `${'a'.repeat(41)}`, `${'"'.repeat(40)}`])(
    'is refused for the line %s, which is not repeated',
    (line) => {
      expect(readAllowList(`# head\n${line}\n`)).toEqual({
        ok: false,
        failure: 'has no public key in line 2',
      })
    }
  )

  it('that ends without a line end keeps its last client when one is added', () => {
    using folder = curveFolder()
    const [first, second] = [curveKeyPair().publicKey, curveKeyPair().publicKey]
    appendFileSync(join(folder.path, 'allowed-clients'), `${first} # first`)
    keys('add', 'second', '--curve-keys', folder.path, '--', second)
    const listed = keys('list', '--curve-keys', folder.path)
    expect(listed).toContain(`${first}  first\n${second}  second\n`)
  })

  it('names its file when it is damaged', () => {
    using folder = curveFolder()
    writeFileSync(join(folder.path, 'allowed-clients'), 'x\n')
    expect(keys('list', '--curve-keys', folder.path)).toBe(
      `${join(folder.path, 'allowed-clients')} has no public key in line 1.`
    )
  })
})

describe('Z85', () => {
  it('writes bytes as RFC 32 does', () => {
    const bytes = Buffer.from('864fd26fb559f75b', 'hex')
    expect(toZ85(bytes)).toBe('HelloWorld')
    expect(toZ85(Buffer.alloc(32, 0xff))).toHaveLength(40)
    expect(isKeyText(toZ85(Buffer.alloc(32, 0xff)))).toBe(true)
  })
})
