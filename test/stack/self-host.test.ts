// The Worker on plain workerd, as a self-hoster runs it, backs it up and restores it.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSelfHostConfig, WORKER_SETTINGS } from '../../local-bridge/stack/self-host-config.ts'
import type { Members } from '../support/fixtures.ts'
import { settingsOf } from '../support/identity-stack.ts'
import { type SelfHostProcess, startSelfHost } from '../support/self-host-process.ts'
import { ask, create } from '../support/stack-messages.ts'
import { startStackProcess, temporaryFolder } from '../support/stack-process.ts'
import { runProgram } from '../support/stack-program.ts'
import { startTestApi, type TestApi } from '../support/stui-api.ts'

const OFF = { STUI_AUTH: 'off' }
const ENCRYPTION = { STUI_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 3).toString('base64url')}` }

const root = temporaryFolder()
let folders = 0
let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
})

afterAll(async () => {
  await api.stop()
  rmSync(root, { recursive: true })
})

/** A path where nothing is yet. */
function folder(): string {
  folders += 1
  return join(root, `data-${folders}`)
}

async function send(host: SelfHostProcess, message: Members, token?: string): Promise<Members> {
  const response = await fetch(`${host.url}/v1/messages`, {
    method: 'POST',
    body: JSON.stringify(message),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
  return (await response.json()) as Members
}

describe('npm run self-host', () => {
  it('restores every session from a copy of the data folder', async () => {
    const [data, copy] = [folder(), folder()]
    const state = { workspace: '3 + 4', big: 12, list: ['a', 'b'] }
    await using first = await startSelfHost({ data, settings: OFF })
    const created = await send(first, { command: 'create_session', client_id: 'desk' })
    const { session_id } = created.result as Members
    const update = { command: 'update_session_state', session_id, state_data: state }
    expect(await send(first, update)).toMatchObject({ status: 'success' })
    expect(await first.stop()).toBe(0)

    cpSync(data, copy, { recursive: true })
    rmSync(data, { recursive: true })

    await using second = await startSelfHost({ data: copy, settings: OFF })
    expect(await send(second, { command: 'restore_session', session_id })).toMatchObject({
      status: 'success',
      result: { session_state: state, revision: 2 },
    })
  })

  it('loses nothing that was acknowledged when it is killed', async () => {
    const data = folder()
    const first = await startSelfHost({ data, settings: OFF })
    const created = await send(first, { command: 'create_session', client_id: 'desk' })
    const { session_id } = created.result as Members
    const update = { command: 'update_session_state', session_id, state_data: { a: 1 } }
    await send(first, update)
    await first.kill()
    await using second = await startSelfHost({ data, settings: OFF })
    expect(await send(second, { command: 'restore_session', session_id })).toMatchObject({
      result: { session_state: { a: 1 } },
    })
  })

  it.each(['jwt', 'introspection'] as const)(
    'reaches an STUI API in its own network, and authenticates by %s',
    async (mode) => {
      const settings = { ...settingsOf(api, mode), ...ENCRYPTION }
      await using host = await startSelfHost({ data: folder(), settings })
      const message = { command: 'create_session', client_id: 'desk' }
      expect(await send(host, message)).toMatchObject({ error_code: 'unauthenticated' })
      const token = await api.issueToken('frida')
      expect(await send(host, message, token)).toMatchObject({ status: 'success' })
      expect(host.output()).toContain('"event":"command"')
    }
  )

  it('takes over the folder of npm start', async () => {
    await using stack = await startStackProcess({ data: folder() })
    const { result } = await ask(stack.endpoint, create('alice'))
    await stack.stop()
    await using host = await startSelfHost({ data: stack.data, settings: OFF })
    const restore = { command: 'restore_session', session_id: result?.session_id }
    expect(await send(host, restore)).toMatchObject({ status: 'success' })
  })

  it('writes no setting into a file but the secret that it made, and that one for its owner', async () => {
    const data = folder()
    const settings = { ...settingsOf(api, 'introspection'), ...ENCRYPTION }
    await using host = await startSelfHost({ data, settings })
    expect((await fetch(`${host.url}/readyz`)).status).toBe(200)
    const config = readFileSync(join(data, 'program', 'config.capnp'), 'utf8')
    expect(config).toContain('fromEnvironment = "STUI_API_CLIENT_SECRET"')
    for (const value of [api.credentials.secret, ...Object.values(ENCRYPTION)]) {
      expect(config).not.toContain(value)
    }
    for (const part of readdirSync(data)) {
      expect([part, statSync(join(data, part)).mode & 0o077]).toEqual([part, 0])
    }
  })

  it('answers what runs and ends with exit code 0 when it is told to stop', async () => {
    const host = await startSelfHost({ data: folder(), settings: OFF })
    expect(await host.stop()).toBe(0)
    await expect(fetch(host.url)).rejects.toThrow()
  })
})

describe('npm run self-host refuses in one sentence', () => {
  it.each([
    ['no mode of authentication', {}, [], /refuses to serve: the setting STUI_AUTH is absent/],
    [
      'a wrong setting',
      { ...OFF, STUI_RETENTION_DAYS: 'x' },
      [],
      /the setting STUI_RETENTION_DAYS/,
    ],
    ['a bad flag', OFF, ['--port', 'x'], /^self-host: --port must be a port [^\n]+\.\n$/],
    ['an unknown flag', OFF, ['--prot', '1'], /^self-host: unknown option '--prot'[^\n]+\.\n$/],
  ])('%s', async (_, settings, args, sentence) => {
    const given = ['--data', folder(), '--port', '0', ...args]
    const { code, stderr } = await runProgram('self-host.ts', given, settings)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(sentence)
  })

  it('a port that is in use', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const given = ['--data', folder(), '--port', String(port)]
    const { code, stderr } = await runProgram('self-host.ts', given, OFF)
    taken.close()
    expect([code, stderr]).toEqual([1, expect.stringContaining('Address already in use')])
  })

  it('a folder that another stack runs on', async () => {
    const data = folder()
    mkdirSync(data, { mode: 0o700 })
    await using _ = await startSelfHost({ data, settings: OFF })
    const given = ['--data', data, '--port', '0']
    const { code, stderr } = await runProgram('self-host.ts', given, OFF)
    expect([code, stderr]).toEqual([1, expect.stringContaining('runs on')])
  })
})

describe('the settings of a self-hosted Worker', () => {
  it('are those that the Worker reads, and no other', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/env.ts'), 'utf8')
    const read = new Set(source.match(/\bSTUI_[A-Z_]*[A-Z]\b/g))
    // A counter of the platform, not a setting.
    read.delete('STUI_RATE_LIMITER')
    expect(new Set<string>(WORKER_SETTINGS)).toEqual(read)
  })

  it('are passed on as they are; a token of the developer is not', () => {
    const env = { STUI_AUTH: 'off', STUI_RETENTION_DAYS: '', STUI_TOKEN: 'x', STUI_PORT: '1' }
    expect(readSelfHostConfig({ args: ['--data', '/data'], env })).toEqual({
      kind: 'run',
      values: { data: '/data', port: 1, settings: { STUI_AUTH: 'off' } },
    })
  })
})
