// A command that is premium by one word in its declaration is premium at the door.

import { describe, expect, it } from 'vitest'
import { findCommand } from '../../src/protocol/registry.ts'
import { startDoor } from '../support/authenticating-door.ts'

/** The commands that are served, with `ping` made premium. */
const find: typeof findCommand = (name) => {
  const command = findCommand(name)
  return command?.name === 'ping' ? { ...command, feature: 'remote_debugger' } : command
}

const PING = { id: 'p', command: 'ping', parameters: {} }

describe('a gated command', () => {
  it('is refused without the subscription, and says which one it takes', async () => {
    const { ask, token } = await startDoor('jwt', {}, { find })
    const { status, reply } = await ask(PING, await token('frida'))
    expect(status).toBe(403)
    expect(reply).toMatchObject({ error_code: 'forbidden', details: { required_tier: 'pro' } })
  })

  it('offers whom it refuses what they may ask, and answers that', async () => {
    const { ask, token } = await startDoor('jwt', {}, { find })
    const frida = await token('frida')
    const { recovery = [] } = (await ask(PING, frida)).reply
    expect(recovery).toMatchObject([{ command: 'describe', parameters: { command: 'ping' } }])
    for (const { command, parameters } of recovery) {
      expect((await ask({ command, parameters }, frida)).reply).toMatchObject({
        status: 'success',
        result: { commands: { ping: { summary: expect.any(String) } } },
      })
    }
  })

  it('is carried out with it', async () => {
    const { ask, token } = await startDoor('jwt', {}, { find })
    const { reply } = await ask(PING, await token('priya'))
    expect(reply).toMatchObject({ status: 'success', result: { status: 'ready' } })
  })

  it('is refused to everybody where nobody is asked who they are', async () => {
    const { ask } = await startDoor('jwt', { STUI_AUTH: 'off' }, { find })
    expect((await ask(PING, undefined, '127.0.0.1')).reply).toMatchObject({
      error_code: 'forbidden',
    })
  })
})
