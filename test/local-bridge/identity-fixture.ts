// An identity in front of the small STUI API that speaks HTTP, with a clock, a timer and a private token file in the
// test's hand.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Identity } from '../../local-bridge/identity.ts'
import { startIdentity } from '../../local-bridge/start-identity.ts'
import { createTokenCheck } from '../../local-bridge/token-check.ts'
import { createTokenSource } from '../../local-bridge/token-source.ts'
import type { Outcome } from '../../src/outcome.ts'
import { createEventLog, type EventLog } from '../support/event-log.ts'
import { createManualTimer, type ManualTimer } from '../support/manual-timer.ts'
import { type ApiClient, startApiClient } from '../support/stui-api-client.ts'

export type TokenFolder = Disposable & {
  readonly path: string
  /** Replaces the token file. */
  write(text: string, mode?: number): void
  remove(): void
}

export function tokenFolder(): TokenFolder {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-token-'))
  const path = join(folder, 'token')
  return {
    path,
    write: (text, mode = 0o600) => {
      writeFileSync(path, text)
      chmodSync(path, mode)
    },
    remove: () => rmSync(path),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

export type IdentityFixture = AsyncDisposable &
  Pick<ApiClient, 'api' | 'expire'> & {
    readonly file: TokenFolder
    readonly log: EventLog
    readonly timer: ManualTimer
    begin(): Promise<Outcome<Identity, string>>
    /** Lets time pass for the clock and for what waits. */
    pass(ms: number): void
    /** Resolves when the next look is due later: the one before has ended. */
    settled(): Promise<void>
  }

export async function identityFixture(): Promise<IdentityFixture> {
  const { api, clock, limit, expire } = await startApiClient()
  const file = tokenFolder()
  const log = createEventLog()
  const timer = createManualTimer()
  const { issuer, audience } = api
  const begun: Identity[] = []
  return {
    api,
    expire,
    file,
    log,
    timer,
    begin: async () => {
      const identity = await startIdentity({
        source: createTokenSource({ from: 'file', path: file.path }),
        check: createTokenCheck({ issuer, audience, clock, limit }),
        ...{ clock, timer, chance: () => 0.5, log: log.log },
      })
      if (identity.ok) begun.push(identity.value)
      return identity
    },
    pass: (ms) => {
      clock.advance(ms)
      timer.advance(ms)
    },
    settled: async () => {
      while (timer.pending() === 0) await setImmediate()
    },
    [Symbol.asyncDispose]: async () => {
      for (const identity of begun) identity.stop()
      file[Symbol.dispose]()
      await api.stop()
    },
  }
}

/** The identity, for tests that are about what comes later. */
export async function begun(fixture: IdentityFixture): Promise<Identity> {
  const identity = await fixture.begin()
  if (!identity.ok) throw new Error(identity.failure)
  return identity.value
}
