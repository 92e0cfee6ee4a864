// The page of somebody who is signed in: statistics, what to choose by, the images with their sessions, and what is said
// when there are none, when the service is away and when it failed.

import { bridgeLine } from '../view/bridge-line.ts'
import { groupsOf } from '../view/groups.ts'
import { type Heard, isOfImage, isOfSession } from '../view/heard.ts'
import { countText } from '../view/units.ts'
import { visible } from '../view/visible-text.ts'
import { button, field } from './dialog.ts'
import { fill, h, say } from './dom.ts'
import { groupsView } from './groups-view.ts'
import { openImport } from './import.ts'
import type { LiveState } from './live.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'
import { statisticsView } from './statistics.ts'

const TICK_MS = 1000

export function sessionsView(panel: Panel, wake: () => void) {
  const { model, machine, scope, me } = panel
  const statistics = statisticsView(scope.kind === 'clients')
  const groups = groupsView(panel)
  const banner = h('div', { class: 'banner', role: 'alert', hidden: true })
  const nothing = h('div', { class: 'empty', hidden: true })
  const left = h('p', { class: 'quiet', hidden: true })
  const loading = h('p', { class: 'loading' }, 'Loading the sessions…')
  const filter = field('Filter', { type: 'search', autocomplete: 'off', spellcheck: 'false' })
  const closed = field('Show closed', { type: 'checkbox' })
  const title =
    scope.kind === 'team'
      ? `Sessions of the team ${visible(me.team)}`
      : `Sessions of ${scope.ids.join(', ')}`
  const element = h(
    'div',
    { class: 'page' },
    h('h1', {}, title),
    statistics.element,
    h(
      'div',
      { class: 'toolbar' },
      filter.row,
      closed.row,
      button('Import…', () => openImport(panel))
    ),
    banner,
    loading,
    nothing,
    left,
    groups.element
  )
  let isLoaded = false
  let closedLeft = 0
  let isDue = false
  let cancelTick = machine.after(TICK_MS, tick)

  filter.input.addEventListener('input', changed)
  closed.input.addEventListener('change', changed)

  /** Several changes within a moment are shown together. */
  function changed(): void {
    if (isDue) return
    isDue = true
    machine.after(16, () => {
      isDue = false
      show()
    })
  }

  function show(): void {
    if (!isLoaded) return
    const choice = { text: filter.input.value, closed: closed.input.checked, now: machine.now() }
    const chosen = groupsOf(model, choice)
    groups.show(chosen)
    left.hidden = !choice.closed || closedLeft === 0
    say(left, leftText(closedLeft))
    nothing.hidden = chosen.length > 0
    if (chosen.length === 0)
      fill(nothing, ...nothingText(choice.text !== '' || model.sessions.size > 0))
  }

  function tick(): void {
    cancelTick = machine.after(TICK_MS, tick)
    groups.tick(machine.now())
  }

  function showState(state: LiveState): void {
    banner.hidden = state.kind === 'live' || state.kind === 'loading'
    loading.hidden = isLoaded || state.kind === 'failed'
    if (state.kind === 'away') {
      const text =
        'The service cannot be reached, or takes no further connection. What is shown is what was known; it is tried again by itself.'
      fill(banner, h('p', {}, text), button('Try now', wake))
    } else if (state.kind === 'failed') {
      fill(banner, h('p', {}, state.refusal.sentence), button('Try again', wake))
    }
    changed()
  }

  function loaded(closedOnes: number): void {
    isLoaded = true
    closedLeft = closedOnes
    loading.hidden = true
    changed()
  }

  return {
    element,
    changed,
    loaded,
    showState,
    showStatistics: statistics.show,
    announce: (heard: Heard) => {
      const text = spoken(panel, heard)
      if (text !== undefined) panel.notices.announce(text)
    },
    announceBridges: (client_ids: readonly string[]) => {
      for (const client_id of client_ids) {
        const line = bridgeLine(model.bridges.get(client_id), machine.now())
        if (line !== undefined) panel.notices.announce(`${client_id}: ${visible(line.text)}.`)
      }
    },
    stop: () => cancelTick(),
  }
}

/** What happened, for those who do not see it; updates are too many to be said. */
function spoken({ model }: Panel, heard: Heard): string | undefined {
  if (isOfImage(heard)) {
    const name = visible(model.images.get(heard.image_id)?.image_name || heard.image_id)
    const isRestart = heard.type === 'image.restarted'
    return isRestart ? `Image ${name} was started anew.` : `Image ${name}: ${heard.image_status}.`
  }
  if (!isOfSession(heard)) return undefined
  const word = heard.type.slice('session.'.length)
  if (word === 'updated' || word === 'renewed') return undefined
  const session = model.sessions.get(heard.session_id)
  return `${session === undefined ? 'A session' : nameOf(session)} ${word}.`
}

function leftText(closedLeft: number): string {
  return `${countText(closedLeft, 'more closed session')} ${closedLeft === 1 ? 'is' : 'are'} not listed, only those that were used last. Look at some clients alone with /#client= and their ids.`
}

function nothingText(isFiltered: boolean): HTMLElement[] {
  if (isFiltered)
    return [h('p', {}, 'Nothing is chosen. Change the filter, or show closed sessions.')]
  return [
    h('p', {}, 'There are no sessions yet.'),
    h('p', {}, 'They appear here as soon as a TUI creates one, or import one from a file.'),
  ]
}
