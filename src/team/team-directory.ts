// The Durable Object of a team: a shell around the directory. No rules, no SQL.

import { DurableObject } from 'cloudflare:workers'
import { systemClock } from '../clock.ts'
import { type Env, readSettings } from '../env.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import { faultText, log } from '../log.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { fail } from '../protocol/failures.ts'
import { durableSql } from '../storage/durable-sql.ts'
import { createDirectory, type Directory } from './directory.ts'
import { openDirectoryStore } from './directory-store.ts'
import type { Report } from './report.ts'

export class TeamDirectory extends DurableObject<Env> {
  readonly #directory: Directory

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#directory = createDirectory({
      store: openDirectoryStore(durableSql(ctx.storage), systemClock.now()),
      clock: systemClock,
      limits: readSettings(env).limits,
    })
  }

  /** Answers a command of scope `team`. */
  execute(call: Call): Reply {
    try {
      return this.#directory.execute(call)
    } catch (error) {
      const { command, request_id = '' } = call
      log({ event: 'fault', where: 'team_directory', command, request_id, error: faultText(error) })
      return { outcome: fail({ reason: 'internal_error' }), replayed: false, warnings: [] }
    }
  }

  /** Takes the state of some sessions of one client. Idempotent. */
  report(report: Report): void {
    this.#directory.report(report)
  }

  /** Tells a client's object what is known of images. */
  imagesOf(wanted: WantedImages): readonly KnownImage[] {
    return this.#directory.imagesOf(wanted)
  }

  /** Tells the door which clients a cleanup for the team has to visit. */
  clientsOf(image_id: string, after: string, limit: number): readonly string[] {
    return this.#directory.clientsOf(image_id, after, limit)
  }
}
