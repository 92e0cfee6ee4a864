import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startStackProcess } from '../support/stack-process.ts'
import { runLine, runProgram } from '../support/stack-program.ts'

describe('the line that npm start prints to try', () => {
  it('sends a message and shows the answer, just as it stands there', async () => {
    await using stack = await startStackProcess()
    const [, line = ''] = /terminal:\n +(\S.*)\n/.exec(stack.output()) ?? []
    const { code, stdout } = await runLine(line)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      id: '1',
      status: 'success',
      result: { message: 'pong' },
    })
    expect(stdout).toContain('\n  "status": "success",\n')
  })
})

describe('node local-bridge/stack/send.ts', () => {
  it('shows an error and ends with exit code 1', async () => {
    await using stack = await startStackProcess()
    const { code, stdout } = await runProgram('send.ts', ['--connect', stack.endpoint, 'no JSON'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error_code: 'parse_error' })
  })

  it('says so when nobody answers in time', async () => {
    const connect = `tcp://127.0.0.1:${await freePort()}`
    const args = ['--connect', connect, '--timeout', '0.2', '{}']
    const { code, stderr } = await runProgram('send.ts', args)
    expect(code).toBe(1)
    expect(stderr).toBe(
      `No answer from ${connect} within 0.2 s: is the stack running there? npm start starts it.\n`
    )
  })

  it('--help shows the options and an example', async () => {
    const { code, stdout } = await runProgram('send.ts', ['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /--connect <endpoint>[\s\S]*--token-file <file>[\s\S]*--timeout <seconds>[\s\S]*Examples:\n/
    )
  })

  it.each([
    [[], "missing required argument 'message'"],
    [
      ['--connect', 'nowhere', '{}'],
      '--connect must look like tcp://127.0.0.1:5555, or http://127.0.0.1:8787 for the Worker',
    ],
    [['--connect', 'tcp://127.0.0.1:*', '{}'], '--connect must look like'],
    [['--connect', 'http://10.0.0.1:8787', '{}'], '--connect must look like'],
    [['--token', 'SECRET', '{}'], 'a token is never taken from the command line'],
    [['--timeout', 'long', '{}'], '--timeout must be a number of seconds above 0'],
  ])('is refused in one sentence for %j', async (args, beginning) => {
    const { code, stderr } = await runProgram('send.ts', args)
    expect(code).toBe(2)
    expect(stderr).toContain(`send: ${beginning}`)
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
    expect(stderr).not.toContain('SECRET')
  })

  it('reads the token before it sends anything, and says in one sentence what is wrong with it', async () => {
    const args = ['--connect', `tcp://127.0.0.1:${await freePort()}`, '{}']
    const missing = await runProgram('send.ts', ['--token-file', '/nowhere/token', ...args])
    expect(missing).toMatchObject({
      code: 1,
      stderr: 'The token cannot be used: the token file cannot be read (ENOENT).\n',
    })
    const empty = await runProgram('send.ts', args, { STUI_TOKEN: 'not a token' })
    expect(empty).toMatchObject({
      code: 1,
      stderr: 'The token cannot be used: STUI_TOKEN holds no token.\n',
    })
  })
})
