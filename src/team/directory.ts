// The rules of a team's directory: it takes reports and answers the commands that span clients.

import type { Clock } from '../clock.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { type Declaration, type JsonObject, parseParameters } from '../protocol/command.ts'
import { fail } from '../protocol/failures.ts'
import { toJsonText } from '../protocol/json-text.ts'
import { findCommand } from '../protocol/registry.ts'
import type { Limits } from '../session/limits.ts'
import { TEAM_HANDLERS } from './commands/index.ts'
import type { TeamCommand, TeamContext } from './context.ts'
import type { DirectoryStore } from './directory-store.ts'
import { createImageRoll } from './image-roll.ts'
import type { Report } from './report.ts'
import { createTeamImages } from './team-images.ts'

/** How long a deletion is remembered: an older report that arrives after it must not bring the session back. */
const DELETED_KEPT_MS = 86_400_000

export type Directory = {
  execute(call: Call): Reply
  report(report: Report): void
  imagesOf(wanted: WantedImages): readonly KnownImage[]
  clientsOf(image_id: string, after: string, limit: number): readonly string[]
}

export function createDirectory(parts: {
  readonly store: DirectoryStore
  readonly clock: Clock
  readonly limits: Limits
}): Directory {
  const { store, clock, limits } = parts
  const { retentionMs } = limits
  const images = createTeamImages(store, createImageRoll({ store, retentionMs, now: clock.now() }))
  return {
    execute: (call) => ({
      outcome: answer(call, { store, limits, images, caller: call.caller, now: clock.now() }),
      replayed: false,
      warnings: [],
    }),
    report: ({ client_id, sessions }) => {
      const now = clock.now()
      store.transaction(() => {
        store.prepare(now)
        for (const summary of sessions) store.sessions.put(client_id, summary, now)
        store.sessions.forgetDeleted(now - DELETED_KEPT_MS)
      })
    },
    imagesOf: (wanted) => images.of(wanted, clock.now()),
    clientsOf: (image_id, after, limit) => store.sessions.clientsOf(image_id, after, limit),
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
