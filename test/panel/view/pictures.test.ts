// What the pictures show, and the sentences that say it.

import { describe, expect, it } from 'vitest'
import { activityText, byHour } from '../../../src/panel/view/activity.ts'
import {
  barsOf,
  causeText,
  entriesOf,
  momentText,
  type Revision,
  timelineText,
} from '../../../src/panel/view/timeline.ts'
import { COMMANDS } from '../../../src/protocol/commands/index.ts'

const HOUR = 3_600_000
const NOW = 100 * HOUR

describe('the activity of a day', () => {
  it('counts changes by the hour, and forgets what is older', () => {
    const counts = byHour([NOW, NOW - 1, NOW - HOUR - 1, NOW - 23.5 * HOUR, NOW - 25 * HOUR], NOW)
    expect(counts).toHaveLength(24)
    expect([counts[23], counts[22], counts[0]]).toEqual([2, 1, 1])
    expect(counts.reduce((a, b) => a + b)).toBe(4)
  })

  it('has what the clock of the service has ahead in its last hour', () => {
    expect(byHour([NOW + 900], NOW)[23]).toBe(1)
  })

  it('is a sentence, too', () => {
    expect(activityText(byHour([NOW, NOW], NOW))).toBe(
      '2 changes in the last 24 hours, most of them in the last hour (2).'
    )
    expect(activityText(byHour([NOW - 5.5 * HOUR], NOW))).toBe(
      '1 change in the last 24 hours, most of them 5 h ago (1).'
    )
    expect(activityText(byHour([], NOW))).toBe('No changes were seen in the last 24 hours.')
    expect(activityText(byHour([], NOW), 1)).toBe(
      'No changes were seen in the last 24 hours. The image was started anew once.'
    )
    expect(activityText(byHour([NOW], NOW), 2)).toMatch(/ The image was started anew 2 times\.$/)
  })
})

describe('the life of a session', () => {
  const revision = (number: number, bytes: number): Revision => ({
    revision: number,
    at: number * HOUR,
    bytes,
    cause: 'update_session_state',
    label: '',
    changed: [],
    is_current: false,
  })

  it('is in the order of time, without what was before the oldest revision', () => {
    const moments = [
      { at: HOUR, what: 'before' },
      { at: 2.5 * HOUR, what: 'between' },
    ]
    const entries = entriesOf([revision(3, 1), revision(2, 1)], moments)
    expect(
      entries.map((entry) => (entry.kind === 'moment' ? entry.what : entry.at / HOUR))
    ).toEqual([2, 'between', 3])
  })

  it('has bars as high as the session was large, and none that cannot be seen', () => {
    const bars = barsOf(entriesOf([revision(1, 0), revision(2, 50), revision(3, 100)], []))
    expect(bars.map(({ height }) => height)).toEqual([0.04, 0.5, 1])
    expect(bars.map(({ x }) => Math.round(x * 6))).toEqual([1, 3, 5])
  })

  it('is a sentence, too', () => {
    expect(timelineText([revision(2, 2000), revision(1, 10)])).toBe(
      '2 revisions are kept, from 10 B to 2 KB; the newest is revision 2 with 2 KB.'
    )
  })

  it('calls every command that makes a revision something that people understand', () => {
    for (const { name } of COMMANDS) expect(causeText(name)).not.toContain('_')
    expect(causeText('revert_session')).toBe('reverted')
  })

  it('says of a restore that it is there because it renewed the lease', () => {
    expect(momentText('session_restored')).toBe('restored, which renewed the lease')
    expect(momentText('session_closed')).toBe('session closed')
  })
})
