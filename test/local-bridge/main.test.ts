import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { hang, startHttpWorker } from '../support/http-worker.ts'
import { connectReq } from '../support/req-client.ts'
import { runBridge } from '../support/running-bridge.ts'

const MAIN = join(import.meta.dirname, '../../local-bridge/main.ts')

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: {} })
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  const listening = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('listening')) resolve()
    })
  })
  return { child, ended, listening, stdout: text(child.stdout), stderr: text(child.stderr) }
}

describe('node local-bridge/main.ts', () => {
  it('--help shows the options and an example', async () => {
    const { ended, stdout } = start('--help')
    expect(await ended).toMatchObject({ code: 0 })
    expect(await stdout).toMatch(/--listen <endpoint>[\s\S]*Examples:\n {2}stui-bridge --listen/)
  })

  it('refuses a bad option with one line and exit code 2', async () => {
    const { ended, stderr, stdout } = start('--listen', 'tcp://0.0.0.0:5555')
    expect(await ended).toMatchObject({ code: 2 })
    expect(await stderr).toMatch(/^stui-bridge: --listen must be a loopback address [^\n]+\n$/)
    expect(await stdout).toBe('')
  })

  it('says with one line and exit code 1 that its port is in use', async () => {
    await using running = await runBridge()
    const { ended, stderr } = start('--listen', running.endpoint)
    expect(await ended).toMatchObject({ code: 1 })
    expect(await stderr).toMatch(/^Cannot listen on [^\n]+: the port is in use; [^\n]+\n$/)
  })

  it('answers clients, logs a line for each message and ends with exit code 0 on SIGTERM', async () => {
    const worker = await startHttpWorker()
    const endpoint = `tcp://127.0.0.1:${await freePort()}`
    const { child, ended, listening, stdout, stderr } = start(
      ...['--listen', endpoint, '--upstream', worker.url]
    )
    await listening
    const client = connectReq(endpoint)
    expect(await client.ask({ id: 1, command: 'ping' })).toMatchObject({ status: 'success' })
    child.kill('SIGTERM')
    expect(await ended).toEqual({ code: 0, signal: null })
    const events = (await stdout)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events).toMatchObject([
      { level: 'info', event: 'events_listening' },
      { level: 'info', event: 'listening', endpoint },
      { event: 'command', command: 'ping', outcome: 'success' },
      { event: 'stopping' },
      { event: 'stopped', unanswered: 0 },
    ])
    expect(await stderr).toBe('')
    client.close()
    await worker.stop()
  })

  it('ends at once on a second signal', async () => {
    const worker = await startHttpWorker()
    worker.behave(hang)
    const endpoint = `tcp://127.0.0.1:${await freePort()}`
    const { child, ended, listening } = start('--listen', endpoint, '--upstream', worker.url)
    await listening
    const client = connectReq(endpoint)
    const reply = client.ask({ id: 1, command: 'ping' }).catch(() => 'no reply')
    await worker.arrived(1)
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: expect.toBeOneOf([128 + 2, 128 + 15]) })
    client.close()
    expect(await reply).toBe('no reply')
    await worker.stop()
  })

  it('writes readable lines when asked to', async () => {
    const endpoint = `tcp://127.0.0.1:${await freePort()}`
    const { child, ended, listening, stdout } = start(
      '--listen',
      endpoint,
      '--log-format',
      'pretty'
    )
    await listening
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0 })
    expect(await stdout).toMatch(/INFO.*: listening \{"endpoint":"tcp:.*\n.*stopping/)
  })
})
