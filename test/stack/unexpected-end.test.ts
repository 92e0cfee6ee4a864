import { describe, expect, it } from 'vitest'
import { ask, create, PING } from '../support/stack-messages.ts'
import { runtimesOf, type StackProcess, startStackProcess } from '../support/stack-process.ts'

describe('what ends unexpectedly', () => {
  it('is forgotten by the next start, even after kill -9 of everything', async () => {
    await using first = await startStackProcess()
    await first.kill9()
    await using second = await first.again()
    expect(await ask(second.endpoint, PING)).toMatchObject({ status: 'success' })
  })

  it('takes its workerd along when only the stack itself is killed', async () => {
    await using first = await startStackProcess()
    const [workerd] = runtimesOf(first.pid)
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    await using second = await first.again()
    expect(runtimesOf(first.pid)).not.toContain(workerd)
    expect(await ask(second.endpoint, PING)).toMatchObject({ status: 'success' })
  })

  it('is started again and told in one sentence when it is workerd', async () => {
    await using stack = await startStackProcess()
    const { result } = await ask(stack.endpoint, create('alice'))
    killWorkerd(stack)
    await stack.told(/The Worker ended unexpectedly and was started again; [^\n]+\.\n/)
    const restore = { id: '2', command: 'restore_session', parameters: result }
    expect(await ask(stack.endpoint, restore)).toMatchObject({ status: 'success' })
    expect(await stack.stop()).toEqual({ code: 0, signal: null })
  })

  it('ends the stack with exit code 1 when it is workerd again and again', async () => {
    await using stack = await startStackProcess()
    for (let count = 1; count <= 5; count += 1) {
      killWorkerd(stack)
      await stack.told(new RegExp(`(?:started again[\\s\\S]*){${count}}`))
    }
    killWorkerd(stack)
    expect(await stack.ended).toEqual({ code: 1, signal: null })
    expect(stack.output()).toContain('The Worker ended unexpectedly again and again; ')
    expect(runtimesOf(stack.pid)).toEqual([])
  })

  function killWorkerd(stack: StackProcess) {
    for (const pid of runtimesOf(stack.pid)) process.kill(pid, 'SIGKILL')
  }
})
