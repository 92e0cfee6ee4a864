// `stui-bridge sessions`: the sessions by image, once or live, for people or programs. Puts the parts together.

import { systemClock } from '../../src/clock.ts'
import { type Outcome, succeed } from '../../src/outcome.ts'
import { groupsOf } from '../../src/panel/view/groups.ts'
import { createModel } from '../../src/panel/view/model.ts'
import { withToken } from '../access-options.ts'
import type { AccessSettings } from '../access-settings.ts'
import { giveUp } from '../begin.ts'
import { createIdentity, type Identity } from '../identity.ts'
import { stopSignal } from '../stop-signal.ts'
import { systemChance, systemTimer } from '../timer.ts'
import { createTokenCheck } from '../token-check.ts'
import { createUpstream } from '../upstream.ts'
import { whyUnknown } from '../whoami.ts'
import { createAsk } from './ask.ts'
import { harmless } from './harmless.ts'
import { listJson, refusalJson } from './list-json.ts'
import { listLines } from './list-text.ts'
import { showLive } from './live-view.ts'
import { createLoader, type Loader } from './load.ts'
import { type Scope, scopeOf } from './scope.ts'
import { createScreen, type Screen } from './screen.ts'
import type { SessionsConfig } from './sessions-config.ts'

/** What is shown, and who is asked. */
type Scene = {
  readonly config: SessionsConfig
  readonly scope: Scope
  readonly identity: Identity | undefined
  readonly loader: Loader
  readonly screen: Screen
}

export async function showSessions(config: SessionsConfig): Promise<void> {
  const { upstream: url, access, wanted, json, mayColour } = config
  const screen = createScreen(process.stdout, mayColour)
  const refuse = (sentence: string) => {
    if (json) screen.write(refusalJson(sentence))
    giveUp(harmless(sentence, SENTENCE))
  }
  const started = access === undefined ? undefined : await identityOf(access)
  if (started?.ok === false) return refuse(started.failure)
  const identity = started?.value
  const upstream = createUpstream({ url, ...(identity !== undefined && { identity }) })
  try {
    const scope = scopeOf(wanted.scope, identity?.holder())
    if (!scope.ok) return refuse(scope.failure)
    const loader = createLoader({
      ask: createAsk(upstream, systemClock),
      ...{ scope: scope.value, closed: wanted.closed, clock: systemClock, timer: systemTimer },
    })
    const failure = await show({ config, scope: scope.value, identity, loader, screen })
    if (failure !== undefined) refuse(failure)
  } finally {
    identity?.stop()
    await upstream.close()
  }
}

/** Characters of a sentence that are shown. */
const SENTENCE = 1000

/** Gives, in one sentence, why it could not be shown or does not go on. */
async function show({ config, scope, identity, loader, screen }: Scene) {
  const { upstream: url, wanted, json, watch } = config
  if (watch) {
    return showLive({
      ...{ url, identity, scope, loader, screen, json, closed: wanted.closed },
      ...{ clock: systemClock, timer: systemTimer, chance: systemChance },
      toldToStop: Promise.race([stopSignal(systemTimer), nobodyReads()]),
    })
  }
  const list = await loader.all()
  if (!list.ok) return list.failure.sentence
  const model = createModel()
  model.take(list.value)
  const bridges = await loader.bridges()
  if (bridges.ok) model.takeBridges(bridges.value, loader.now())
  const now = loader.now()
  const groups = groupsOf(model, { text: '', closed: wanted.closed, now })
  if (json) screen.write(listJson(groups, now, model.bridges))
  else screen.print(listLines(groups, now, model.bridges))
  return undefined
}

/** Who asks, if the token is good; the failure is one sentence. */
async function identityOf(access: AccessSettings): Promise<Outcome<Identity, string>> {
  const options = await withToken(access)
  if (!options.ok) return options
  const { token: source, ...api } = options.value
  const first = source.read()
  if (!first.ok) return { ok: false, failure: `The token cannot be used: ${first.failure}.` }
  const { look, standing, ...identity } = createIdentity(
    {
      ...{ source, clock: systemClock, timer: systemTimer, chance: systemChance },
      check: createTokenCheck({ ...api, clock: systemClock }),
      // What is not good is told with the answer.
      log: () => {},
    },
    first.value
  )
  await look()
  const found = standing()
  if (found.kind === 'good') return succeed(identity)
  identity.stop()
  const failure =
    found.kind === 'refused'
      ? found.failure
      : ({ reason: 'upstream_unavailable', detail: found.detail } as const)
  return { ok: false, failure: whyUnknown(failure) }
}

/** Resolves when nobody reads any more, as behind a pipe that was closed. */
function nobodyReads(): Promise<unknown> {
  return new Promise((resolve) => process.stdout.once('error', resolve))
}
