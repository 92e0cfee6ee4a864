// From the TUI to the object with real tokens: two developers of one team, each at a bridge of their own.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningBridge, startBridge } from '../../local-bridge/start-bridge.ts'
import { createTokenSource } from '../../local-bridge/token-source.ts'
import { type IdentityStack, leaked, startIdentityStack } from '../support/identity-stack.ts'
import { PATIENT } from '../support/patience.ts'
import { connectReq, type ReqClient } from '../support/req-client.ts'

type Desk = { readonly client: ReqClient; readonly bridge: RunningBridge }

const folder = mkdtempSync(join(tmpdir(), 'stui-identity-'))
const output: string[] = []
const tokens: string[] = []

let stack: IdentityStack
let frida: Desk
let priya: Desk

beforeAll(async () => {
  stack = await startIdentityStack('introspection')
  frida = await deskOf('frida')
  priya = await deskOf('priya')
})

afterAll(async () => {
  for (const { client, bridge } of [frida, priya]) {
    client.close()
    await bridge.stop()
  }
  const stopped = await stack.stop()
  rmSync(folder, { recursive: true })
  expect(leaked([...stopped.secrets, ...tokens], [...stopped.output, ...output])).toEqual([])
})

describe('behind a bridge with a token of its own', () => {
  it('a developer lives a whole session', async () => {
    const created = await frida.client.ask({ id: 1, command: 'create_session', client_id: 'desk' })
    expect(created).toMatchObject({ status: 'success', client_id: 'desk' })
    const session_id = created.result?.session_id
    const change = { id: 2, command: 'update_session_state', session_id, state_data: { a: 1 } }
    expect(await frida.client.ask(change)).toMatchObject({ status: 'success' })
    const restored = await frida.client.ask({ id: 3, command: 'restore_session', session_id })
    expect(restored.result).toMatchObject({ session_state: { a: 1 } })
  })

  it('a colleague finds nothing there, and cannot come in', async () => {
    const latest = { id: 4, command: 'restore_session', client_id: 'desk', latest: true }
    const session_id = (await frida.client.ask(latest)).result?.session_id
    const { client } = priya
    expect(await client.ask({ id: 5, command: 'restore_session', session_id })).toMatchObject({
      error_code: 'session_not_found',
    })
    expect(
      await client.ask({ id: 6, command: 'list_client_sessions', client_id: 'desk' })
    ).toMatchObject({ status: 'success', result: { session_count: 0 } })
    expect(await client.ask({ id: 7, command: 'create_session', client_id: 'desk' })).toMatchObject(
      { error_code: 'client_not_allowed' }
    )
  })

  it('the subscription decides about a premium feature', async () => {
    const asked = { command: 'validate_feature_access', feature: 'remote_debugger' }
    const denied = await frida.client.ask({ ...asked, id: 8, client_id: 'desk' })
    expect(denied.result).toMatchObject({ access_granted: false, required_tier: 'pro' })
    const granted = await priya.client.ask({ ...asked, id: 9, client_id: 'laptop' })
    expect(granted.result).toMatchObject({ access_granted: true, subscription_tier: 'pro' })
  })
})

describe('behind a bridge without a token', () => {
  it('nobody gets anything, and is told what to do', async () => {
    const bridge = await startBridge({
      listen: 'tcp://127.0.0.1:*',
      upstream: stack.url,
      log: note,
      limits: PATIENT,
    })
    const client = connectReq(bridge.endpoint)
    const refused = await client.ask({ id: 10, command: 'create_session', client_id: 'desk' })
    expect(refused).toMatchObject({ id: 10, error_code: 'unauthenticated', error_type: 'Error' })
    expect(refused.error).toContain('token')
    client.close()
    await bridge.stop()
  })
})

/** A developer's desk: a token in a private file, a bridge, and a TUI. */
async function deskOf(user: 'frida' | 'priya'): Promise<Desk> {
  const token = await stack.api.issueToken(user)
  tokens.push(token)
  const path = join(folder, user)
  writeFileSync(path, `${token}\n`, { mode: 0o600 })
  const { issuer, audience } = stack.api
  const bridge = await startBridge({
    listen: 'tcp://127.0.0.1:*',
    upstream: stack.url,
    log: note,
    limits: PATIENT,
    access: { issuer, audience, token: createTokenSource({ from: 'file', path }) },
  })
  return { bridge, client: connectReq(bridge.endpoint) }
}

function note(event: object): void {
  output.push(JSON.stringify(event))
}
