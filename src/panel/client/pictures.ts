// Pictures, drawn here: each says in a sentence what it shows, for those who do not see it.

import { activityText, byHour, HOURS } from '../view/activity.ts'
import { barsOf, type Entry } from '../view/timeline.ts'
import { svg } from './dom.ts'

const WIDTH = 600
const HEIGHT = 120
const FOOT = 14

/** The life of a session; bars of revisions, dots of everything else. */
export function timelinePicture(entries: readonly Entry[], sentence: string): SVGSVGElement {
  const bars = barsOf(entries)
  const width = Math.min(24, (WIDTH / Math.max(1, bars.length)) * 0.7)
  const floor = HEIGHT - FOOT
  return svg(
    'svg',
    { class: 'timeline', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': sentence },
    svg('line', { x1: 0, x2: WIDTH, y1: floor, y2: floor, class: 'floor' }),
    ...bars.map(({ x, height, entry }) => {
      const middle = x * WIDTH
      if (entry.kind === 'moment') {
        return svg('circle', { cx: middle, cy: HEIGHT - FOOT / 2, r: 4, class: 'moment' })
      }
      const tall = height * (floor - 4)
      const kind = entry.revision.is_current ? 'bar current' : 'bar'
      return svg('rect', {
        x: middle - width / 2,
        y: floor - tall,
        width,
        height: tall,
        class: kind,
      })
    })
  )
}

const HOUR_WIDTH = 5

/** The last day of an image: a bar for each hour, and a dot above those in which it was started anew. */
export function activityPicture(
  changes: readonly number[],
  restarts: readonly number[],
  now: number
): SVGSVGElement {
  const counts = byHour(changes, now)
  const starts = byHour(restarts, now)
  const started = starts.reduce((sum, count) => sum + count, 0)
  const most = Math.max(1, ...counts)
  return svg(
    'svg',
    {
      class: 'activity',
      viewBox: `0 0 ${HOURS * HOUR_WIDTH} 24`,
      role: 'img',
    },
    // Says what it shows to those who listen, and to those who point at it.
    svg('title', {}, activityText(counts, started)),
    ...counts.map((count, hour) => {
      const tall = count === 0 ? 1 : 2 + (count / most) * 22
      return svg('rect', {
        x: hour * HOUR_WIDTH,
        y: 24 - tall,
        width: HOUR_WIDTH - 1,
        height: tall,
        class: count === 0 ? 'bar none' : 'bar',
      })
    }),
    ...starts.flatMap((count, hour) =>
      count === 0
        ? []
        : [svg('circle', { cx: hour * HOUR_WIDTH + 2, cy: 2.5, r: 2, class: 'moment' })]
    )
  )
}
