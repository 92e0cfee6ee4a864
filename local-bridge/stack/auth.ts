// The STUI API of a stack that asks for tokens: starts it, and gives the Worker and the bridge what they need of it.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import type { Outcome } from '../../src/outcome.ts'
import { makePrivateFolder } from '../private-file.ts'
import { type AccessOptions, StartError } from '../start-bridge.ts'
import { systemTimer } from '../timer.ts'
import { createTokenSource } from '../token-source.ts'
import { writeApiAddress } from './api-address.ts'
import type { AuthConfig } from './auth-config.ts'
import { keepTokenFresh } from './fresh-token.ts'
import { openKeptKeys } from './stui-api/kept-keys.ts'
import type { SigningKeys } from './stui-api/keys.ts'
import { type StuiApi, startStuiApi } from './stui-api/server.ts'

export type StackAuthOptions = {
  readonly config: AuthConfig
  /** The data folder. */
  readonly data: string
  /** The bridge's token cannot be renewed. */
  readonly onTokenLost: (error: unknown) => void
}

export type StackAuth = {
  readonly issuer: string
  /** Settings of the Worker. */
  readonly settings: Readonly<Record<string, string>>
  /** For whom the bridge speaks, and who says so. */
  readonly access: AccessOptions
  /** The Worker serves here: its panel may have people signed in. */
  readonly signInFor: StuiApi['signInFor']
  stop(): Promise<void>
}

/** Starts the STUI API, or throws a `StartError` and leaves nothing running. */
export async function startAuth(options: StackAuthOptions): Promise<StackAuth> {
  try {
    return await begun(options)
  } catch (error) {
    const code = codeOf(error)
    if (error instanceof StartError || code === undefined) throw error
    throw new StartError(
      `Cannot write what --auth keeps in ${options.data} (${code}): make all of it yours, or choose another folder with --data.`
    )
  }
}

async function begun({ config, data, onTokenLost }: StackAuthOptions): Promise<StackAuth> {
  await using started = new AsyncDisposableStack()
  const folder = join(data, 'stui-api')
  const made = makePrivateFolder(folder)
  if (!made.ok) throw new StartError(`${folder} ${made.failure}.`)
  const keys = orThrow(await openKeptKeys(join(folder, 'signing-keys')))
  const api = started.adopt(await startApi(config.apiPort, keys), ({ stop }) => stop())
  const { issuer, audience } = api
  const path = join(data, 'bridge.token')
  const endRenewal = await keepTokenFresh({
    ...{ path, clock: systemClock, timer: systemTimer, onLost: onTokenLost },
    issue: () => api.issueToken(config.user),
  })
  started.defer(() => rmSync(path, { force: true }))
  started.defer(endRenewal)
  started.defer(writeApiAddress(data, issuer))
  const running = started.move()
  return {
    issuer,
    settings: { ...settingsFor(api, config.mode), STUI_PANEL_CLIENT_ID: api.panelClientId },
    signInFor: api.signInFor,
    access: { issuer, audience, token: createTokenSource({ from: 'file', path }) },
    stop: () => running.disposeAsync(),
  }
}

/** The settings that a Worker needs to authenticate with this STUI API. */
export function settingsFor(api: StuiApi, mode: AuthConfig['mode']): Record<string, string> {
  const { issuer, audience, introspectionUrl, credentials } = api
  const common = { STUI_AUTH: mode, STUI_API_ISSUER: issuer, STUI_API_AUDIENCE: audience }
  if (mode === 'jwt') return common
  return {
    ...common,
    STUI_API_INTROSPECTION_URL: introspectionUrl,
    STUI_API_CLIENT_ID: credentials.id,
    STUI_API_CLIENT_SECRET: credentials.secret,
  }
}

async function startApi(port: number, keys: SigningKeys): Promise<StuiApi> {
  try {
    return await startStuiApi({ port, keys })
  } catch (error) {
    const code = codeOf(error)
    const why = code === 'EADDRINUSE' ? 'the port is in use' : `the system refuses it (${code})`
    throw new StartError(
      `Cannot serve the STUI API on 127.0.0.1:${port}: ${why}; stop the other program or choose another port with --api-port.`
    )
  }
}

/** The system's code for what went wrong. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function orThrow<Value>(outcome: Outcome<Value, string>): Value {
  if (outcome.ok) return outcome.value
  throw new StartError(outcome.failure)
}
