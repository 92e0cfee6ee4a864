import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startChildStack } from '../../local-bridge/stack/child-stack.ts'
import { freePort } from '../support/free-port.ts'
import { startImage } from '../support/image-stand-in.ts'
import { connectReq } from '../support/req-client.ts'
import { ask, create, PING } from '../support/stack-messages.ts'
import {
  BARE_ENV,
  runtimesOf,
  startStackProcess,
  temporaryFolder,
} from '../support/stack-process.ts'
import { runProgram } from '../support/stack-program.ts'
import { warmUp } from '../support/warm-up.ts'

describe('npm start', () => {
  it('answers the first message, tells where to connect, and stops with Ctrl-C', async () => {
    await using stack = await startStackProcess()
    await warmUp(stack.url)
    expect(await ask(stack.endpoint, create('alice'))).toMatchObject({
      status: 'success',
      meta: { persistence: 'durable' },
    })
    expect((await fetch(`${stack.url}/healthz`)).status).toBe(200)
    expect(stack.output()).toContain(`Panel   ${stack.url}/\n`)
    expect(stack.output()).toContain(`Data    ${stack.data}\n`)
    expect(stack.output()).toContain(`Log     ${join(stack.data, 'worker.log')}\n`)
    expect(runtimesOf(stack.pid)).toHaveLength(1)
    expect(await stack.stop()).toEqual({ code: 0, signal: null })
    expect(runtimesOf(stack.pid)).toEqual([])
    expect(stack.output()).toMatch(/Stopping: [^\n]+\nStopped\.\n$/)
  })

  it('takes its flags', async () => {
    const [listening, port] = [await freePort(), await freePort()]
    const listen = `tcp://127.0.0.1:${listening}`
    const args = ['--log-level', 'info']
    await using stack = await startStackProcess({ listen, port, args })
    expect(stack).toMatchObject({ endpoint: listen, url: `http://127.0.0.1:${port}` })
    await ask(listen, PING)
    await stack.told(/INFO.*: command .*"command":"ping"/)
    expect(await stack.signal('SIGTERM')).toEqual({ code: 0, signal: null })
  })

  it('gives its bridge the images that it is called with', async () => {
    await using image = await startImage()
    await using stack = await startStackProcess({ args: ['--image', `main=${image.address}`] })
    const client = connectReq(stack.endpoint)
    expect(String(await client.send('{"id":"e","command":"evaluate"}'))).toContain('"id":"e"')
    client.close()
    expect(image.executions()).toEqual(new Map([['"e"', 1]]))
  })

  it('is quiet on the terminal and keeps the log of the Worker in the data folder', async () => {
    await using stack = await startStackProcess()
    await ask(stack.endpoint, PING)
    expect(stack.output()).not.toMatch(/INFO/)
    await stack.stop()
    const [line = ''] = readFileSync(join(stack.data, 'worker.log'), 'utf8').split('\n')
    expect(JSON.parse(line)).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      event: 'command',
      command: 'ping',
    })
  })

  it('keeps sessions and their secret from one start to the next', async () => {
    await using first = await startStackProcess()
    const { result } = await ask(first.endpoint, create('alice'))
    await first.stop()
    const secret = readFileSync(join(first.data, 'session-secret'), 'utf8')
    await using second = await first.again()
    const restore = { id: '2', command: 'restore_session', parameters: result }
    expect(await ask(second.endpoint, restore)).toMatchObject({ status: 'success' })
    expect(readFileSync(join(first.data, 'session-secret'), 'utf8')).toBe(secret)
  })

  it('keeps all that it writes for its owner alone', async () => {
    await using stack = await startStackProcess()
    await ask(stack.endpoint, create('alice'))
    for (const part of ['session-secret', 'worker.log', 'objects', 'lock']) {
      expect([part, statSync(join(stack.data, part)).mode & 0o077]).toEqual([part, 0])
    }
  })

  it('gives the limits that it finds in the environment to the service', async () => {
    await using stack = await startStackProcess({ env: { STUI_MAX_SESSIONS_PER_CLIENT: '1' } })
    await ask(stack.endpoint, create('alice'))
    expect(await ask(stack.endpoint, { ...create('alice'), id: '2' })).toMatchObject({
      error_code: 'session_limit_exceeded',
    })
  })

  it('--help shows the options and an example', async () => {
    const { code, stdout } = await runProgram('start.ts', ['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/--data <folder>[\s\S]*Example:\n {2}npm start -- --listen/)
  })
})

describe('settings from the environment', () => {
  let data: string
  afterEach(() => rmSync(data, { recursive: true }))

  it('count like flags', async () => {
    data = temporaryFolder()
    const port = await freePort()
    const env = {
      STUI_LISTEN: `tcp://127.0.0.1:${await freePort()}`,
      STUI_PORT: String(port),
      STUI_DATA: join(data, 'inner'),
      STUI_LOG_LEVEL: 'info',
    }
    const stack = await startChildStack({ args: [], env: { ...BARE_ENV, ...env } })
    expect(stack).toMatchObject({ endpoint: env.STUI_LISTEN, url: `http://127.0.0.1:${port}` })
    await stack.told(/INFO.*: listening/)
    await stack.signal('SIGINT')
    expect(readFileSync(join(env.STUI_DATA, 'session-secret'), 'utf8')).toHaveLength(44)
  })
})
