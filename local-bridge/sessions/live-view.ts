// The list that stays: drawn anew on a terminal, as lines of change elsewhere, as a line of JSON for each event for programs.
// Ends when it is told to, or when the service will not tell more.

import { groupsOf } from '../../src/panel/view/groups.ts'
import { createModel } from '../../src/panel/view/model.ts'
import { bridgeLines } from './bridge-text.ts'
import { imageLine, restartLine, sessionLine } from './change-text.ts'
import { type Line, piece } from './line.ts'
import { eventJson, listJson } from './list-json.ts'
import { listLines } from './list-text.ts'
import type { Screen } from './screen.ts'
import { startWatch, type WatchParts } from './watch.ts'

export type LiveParts = Omit<WatchParts, keyof View | 'model' | 'onEnd'> & {
  readonly screen: Screen
  readonly json: boolean
  /** True if closed sessions are shown. */
  readonly closed: boolean
  /** Resolves when somebody has seen enough. */
  readonly toldToStop: Promise<unknown>
}

/** What is counted down moves once a second. */
const TICK_MS = 1000

type View = Pick<
  WatchParts,
  'onList' | 'onText' | 'onSessions' | 'onImage' | 'onRestart' | 'onBridges' | 'onAway'
>

/** Gives, in one sentence, why it does not go on; undefined if it was told to stop. */
export async function showLive(parts: LiveParts): Promise<string | undefined> {
  const { toldToStop, screen, json } = parts
  const ended = Promise.withResolvers<string>()
  const model = createModel()
  const groups = () => groupsOf(model, { text: '', closed: parts.closed, now: parts.loader.now() })
  const now = parts.loader.now
  const shown = { ...parts, model, groups, now }
  const drawing = json || !screen.canRedraw ? undefined : drawn(shown)
  const view = drawing?.view ?? (json ? asJson(shown) : asLines(shown))
  const watch = startWatch({ ...parts, ...view, model, onEnd: ended.resolve })
  const end = await Promise.race([toldToStop.then(() => undefined), ended.promise])
  watch.stop()
  drawing?.stop()
  return end
}

type Shown = Pick<WatchParts, 'model' | 'timer'> &
  Pick<LiveParts, 'screen'> & {
    readonly groups: () => ReturnType<typeof groupsOf>
    readonly now: () => number
  }

/** The whole list, over the one before. */
function drawn({ screen, groups, now, timer, model }: Shown): {
  readonly view: View
  stop(): void
} {
  let foot: Line = [piece('loading…', 'faint')]
  let hasList = false
  let cancel = () => {}
  const draw = () => {
    cancel()
    screen.draw(hasList ? listLines(groups(), now(), model.bridges) : [], foot)
    cancel = timer.after(TICK_MS, draw)
  }
  const live = () => {
    hasList = true
    foot = LIVE
    draw()
  }
  return {
    view: {
      onList: live,
      onText: () => {},
      onSessions: draw,
      onImage: draw,
      onRestart: () => {},
      onBridges: draw,
      onAway: (sentence) => {
        foot = sentence === undefined ? LIVE : [piece(sentence, 'warning')]
        draw()
      },
    },
    stop: () => cancel(),
  }
}

const LIVE: Line = [piece('live, Ctrl-C ends', 'faint')]

/** The list, then a line for each change; all of it again where changes were missed. */
function asLines({ screen, groups, now, model }: Shown): View {
  return {
    onList: () => screen.print(listLines(groups(), now(), model.bridges)),
    onText: () => {},
    onSessions: (heard) =>
      screen.print(heard.map((one) => sessionLine(one, model.sessions.get(one.session_id)))),
    onImage: (image) => screen.print([imageLine(image, now())]),
    onRestart: (heard) => screen.print([restartLine(heard, model.images.get(heard.image_id))]),
    onBridges: () => screen.print(bridgeLines(model.bridges, now())),
    onAway: (sentence) => screen.print([[piece(sentence ?? 'The service is there again.')]]),
  }
}

/** Lines of JSON: the list, then the events as they come; the list again where some were missed. */
function asJson({ screen, groups, now, model }: Shown): View {
  return {
    onList: () => screen.write(listJson(groups(), now(), model.bridges, true)),
    onText: (text) => screen.write(eventJson(text)),
    onSessions: () => {},
    onImage: () => {},
    onRestart: () => {},
    onBridges: () => {},
    onAway: () => {},
  }
}
