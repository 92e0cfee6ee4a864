// The Durable Object of a team: a shell around the directory. No rules, no SQL.

import { DurableObject } from 'cloudflare:workers'
import { rouseClient } from '../client-object/stub.ts'
import { systemClock } from '../clock.ts'
import { type Env, readSettings } from '../env.ts'
import type { EventStream } from '../events/event-stream.ts'
import { watchOf } from '../events/watch.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import { faultText, log } from '../log.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { CLOSE } from '../protocol/event.ts'
import { fail } from '../protocol/failures.ts'
import { durableSql } from '../storage/durable-sql.ts'
import { createDirectory, type Directory } from './directory.ts'
import { openDirectoryStore } from './directory-store.ts'
import { createTeamStream } from './event-stream.ts'
import { RENEW_MS } from './leases.ts'
import type { Report, ReportAnswer } from './report.ts'

export class TeamDirectory extends DurableObject<Env> {
  readonly #directory: Directory
  readonly #events: EventStream

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const store = openDirectoryStore(durableSql(ctx.storage), systemClock.now())
    this.#events = createTeamStream({ sockets: ctx, store, clock: systemClock })
    this.#directory = createDirectory({
      store,
      clock: systemClock,
      limits: readSettings(env).limits,
      isWatched: () => this.#events.watches().length > 0,
    })
  }

  /** Answers a command of scope `team`. */
  execute(call: Call): Reply {
    try {
      const reply = this.#directory.execute(call)
      this.#events.push()
      return reply
    } catch (error) {
      const { command, request_id = '' } = call
      log({ event: 'fault', where: 'team_directory', command, request_id, error: faultText(error) })
      return { outcome: fail({ reason: 'internal_error' }), replayed: false, warnings: [] }
    }
  }

  /** Takes the state of some sessions of one client. Idempotent. */
  report(report: Report): ReportAnswer {
    const answer = this.#directory.report(report)
    this.#events.push()
    return answer
  }

  /** Tells a client's object what is known of images. */
  imagesOf(wanted: WantedImages): readonly KnownImage[] {
    return this.#directory.imagesOf(wanted)
  }

  /** Tells the door which clients a cleanup for the team has to visit. */
  clientsOf(image_id: string, after: string, limit: number): readonly string[] {
    return this.#directory.clientsOf(image_id, after, limit)
  }

  /** Opens a socket for somebody who wants to watch the team; its clients are told. */
  override fetch(request: Request): Response {
    const opened = this.#events.open(watchOf(request))
    this.ctx.waitUntil(this.#whileWatched())
    return opened
  }

  override webSocketMessage(socket: WebSocket): void {
    socket.close(CLOSE.onlyTells.code, CLOSE.onlyTells.reason)
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close()
  }

  /** While somebody watches: closes the sockets whose time is over, and keeps the clients awake to it. Never throws. */
  override alarm(): Promise<void> {
    return this.#whileWatched()
  }

  async #whileWatched(): Promise<void> {
    try {
      const socketEnds = this.#events.closeEnded()
      const team = this.#events.watches()[0]?.caller.team
      if (socketEnds === undefined || team === undefined) return
      const now = systemClock.now()
      await this.ctx.storage.setAlarm(Math.min(socketEnds, now + RENEW_MS))
      await this.#directory.rouse((client_id, until) =>
        rouseClient(this.env, { team, client_id }, until)
      )
    } catch (error) {
      log({ event: 'fault', where: 'team_directory', error: faultText(error) })
    }
  }
}
