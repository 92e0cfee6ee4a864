// The rules of a team's directory: it takes reports and answers the commands that span clients.

import type { Clock } from '../clock.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import type { Outcome } from '../outcome.ts'
import type { Call, Caller, Reply } from '../protocol/call.ts'
import { type Declaration, type JsonObject, parseParameters } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { toJsonText } from '../protocol/json-text.ts'
import { findCommand } from '../protocol/registry.ts'
import type { Limits, Rate } from '../session/limits.ts'
import { tokenBuckets } from '../session/token-buckets.ts'
import { createBridgeRoll } from './bridge-roll.ts'
import { countCleaned } from './cleaned.ts'
import { TEAM_HANDLERS } from './commands/index.ts'
import type { TeamCommand, TeamContext } from './context.ts'
import type { DirectoryStore } from './directory-store.ts'
import { createTeamEvents } from './events.ts'
import { createImageChanges } from './image-changes.ts'
import type { Told } from './image-reports.ts'
import { createImageRoll, type Taken } from './image-roll.ts'
import { createLeases } from './leases.ts'
import type { Report, ReportAnswer } from './report.ts'
import { createTeamImages } from './team-images.ts'

/** How long a deletion is remembered: an older report that arrives after it must not bring the session back. */
const DELETED_KEPT_MS = 86_400_000

/** Commands of one subject: a bridge reports each of its images every few seconds. */
export const TEAM_COMMANDS: Rate = { perMinute: 1200, burst: 200 }

/** Subjects whose pace is remembered. */
const SUBJECTS = 10_000

export type Directory = {
  execute(call: Call): Reply
  /** Takes a token of the caller's; says no if there is none. */
  paced(caller: Caller): Failure | undefined
  report(report: Report): ReportAnswer
  imagesOf(wanted: WantedImages): readonly KnownImage[]
  clientsOf(image_id: string, after: string, limit: number): readonly string[]
  /** Notes which images and bridges time alone has changed, if any can have; gives when the next can change. */
  notePassed(): number
  /** True if bridges of the subject report the image. */
  isOwnImage(image_id: string, subject: string): boolean
  /** Has the team's active clients told that somebody watches; `tell` gives true for a client that noted it. */
  rouse(tell: (client_id: string, until: number) => Promise<boolean>): Promise<void>
}

export function createDirectory(parts: {
  readonly store: DirectoryStore
  readonly clock: Clock
  readonly limits: Limits
  /** True while somebody watches the sessions of the team; without it nobody does. */
  readonly isWatched?: () => boolean
}): Directory {
  const { store, clock, limits, isWatched = () => false } = parts
  const { retentionMs } = limits
  const roll = createImageRoll({ store, retentionMs, now: clock.now() })
  const events = createTeamEvents(store)
  const changes = createImageChanges({ store, roll, events })
  const images = createTeamImages(store, { ...roll, report: reported })
  const bridges = createBridgeRoll({ store, events, retentionMs, now: clock.now() })
  const leases = createLeases(store)
  const pace = tokenBuckets(TEAM_COMMANDS, SUBJECTS)

  function reported(told: Told, now: number, classes?: readonly string[]): Outcome<Taken, Failure> {
    const taken = roll.report(told, now, classes)
    if (taken.ok) changes.reported(told, now)
    return taken
  }

  function paced({ subject }: Caller): Failure | undefined {
    const retry_after_ms = pace.take(subject, clock.now())
    return retry_after_ms > 0 ? { reason: 'rate_limited', retry_after_ms } : undefined
  }

  function outcomeOf(call: Call): Reply['outcome'] {
    const { caller } = call
    const refused = paced(caller)
    if (refused !== undefined) return fail(refused)
    return answer(call, { store, limits, images, bridges, events, caller, now: clock.now() })
  }

  return {
    execute: (call) => ({ outcome: outcomeOf(call), replayed: false, warnings: [] }),
    paced,
    report: (report) => {
      const { client_id, sessions } = report
      const now = clock.now()
      return store.transaction(() => {
        store.prepare(now)
        events.reported(report, now)
        countCleaned(store, sessions, { now, retentionMs })
        for (const summary of sessions) store.sessions.put(report, summary, now)
        store.sessions.forgetDeleted(now - DELETED_KEPT_MS)
        return { watched_until: leases.of(client_id, { isWatched: isWatched(), now }) }
      })
    },
    imagesOf: (wanted) => images.of(wanted, clock.now()),
    clientsOf: (image_id, after, limit) => store.sessions.clientsOf(image_id, after, limit),
    notePassed: () => {
      const now = clock.now()
      changes.notePassed(now)
      bridges.notePassed(now)
      return Math.min(changes.nextAt(), bridges.nextAt())
    },
    isOwnImage: roll.isOwn,
    rouse: (tell) => leases.rouse(clock.now(), tell),
  }
}

function answer(call: Call, context: TeamContext): Reply['outcome'] {
  const declaration = findCommand(call.command)
  if (declaration === undefined || !isTeamCommand(declaration.name)) {
    return fail({ reason: 'unknown_command', command: call.command, did_you_mean: [] })
  }
  const parsed = parseParameters<Declaration>(declaration, call.parameters)
  if (!parsed.ok) return parsed
  const outcome = TEAM_HANDLERS[declaration.name](parsed.value as JsonObject as never, context)
  return outcome.ok ? { ok: true, value: toJsonText(outcome.value) } : outcome
}

function isTeamCommand(name: string): name is TeamCommand {
  return Object.hasOwn(TEAM_HANDLERS, name)
}
