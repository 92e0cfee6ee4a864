// The Durable Object of a team: a shell around the directory. No rules, no SQL.

import { DurableObject } from 'cloudflare:workers'
import { rouseClient } from '../client-object/stub.ts'
import { systemClock } from '../clock.ts'
import { type Env, readSettings } from '../env.ts'
import type { EventStream } from '../events/event-stream.ts'
import { callerOf, notOpened, openingOf } from '../events/watch.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import { faultText, log } from '../log.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { CLOSE } from '../protocol/event.ts'
import { fail } from '../protocol/failures.ts'
import { durableSql } from '../storage/durable-sql.ts'
import { createDirectory, type Directory } from './directory.ts'
import { openDirectoryStore } from './directory-store.ts'
import { createTeamStream, hearsSessions } from './event-stream.ts'
import { RENEW_MS } from './leases.ts'
import type { Report, ReportAnswer } from './report.ts'

export class TeamDirectory extends DurableObject<Env> {
  readonly #directory: Directory
  readonly #events: EventStream
  /** When the alarm is set for, as far as this instance knows; one that an earlier one has set is never put off. */
  #alarmAt = Number.POSITIVE_INFINITY

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const store = openDirectoryStore(durableSql(ctx.storage), systemClock.now())
    this.#events = createTeamStream({
      ...{ sockets: ctx, store, clock: systemClock },
      isOwnImage: (image_id, subject) => this.#directory.isOwnImage(image_id, subject),
    })
    this.#directory = createDirectory({
      store,
      clock: systemClock,
      limits: readSettings(env).limits,
      isWatched: () => this.#events.watches().some(hearsSessions),
    })
  }

  /** Answers a command of scope `team`. */
  execute(call: Call): Reply {
    try {
      const reply = this.#directory.execute(call)
      if (this.#events.watches().length > 0) this.#lookAgainBy(this.#directory.notePassed())
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
    const { watch } = openingOf(request)
    const refused = this.#directory.paced(callerOf(watch))
    if (refused !== undefined) return notOpened(refused)
    this.#directory.notePassed()
    const opened = this.#events.open(watch)
    this.ctx.waitUntil(this.#whileWatched())
    return opened
  }

  override webSocketMessage(socket: WebSocket): void {
    socket.close(CLOSE.onlyTells.code, CLOSE.onlyTells.reason)
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#events.closed(socket, code)
  }

  /**
   * While somebody watches: closes the sockets whose time is over, tells of images that time alone has changed, and keeps
   * the clients awake to it. Never throws.
   */
  override alarm(): Promise<void> {
    this.#alarmAt = Number.POSITIVE_INFINITY
    return this.#whileWatched()
  }

  async #whileWatched(): Promise<void> {
    try {
      const socketEnds = this.#events.closeEnded()
      const watches = this.#events.watches()
      if (socketEnds === undefined || watches.length === 0) return
      const imageChanges = this.#directory.notePassed()
      this.#events.push()
      const due = Math.min(socketEnds, systemClock.now() + RENEW_MS, imageChanges)
      this.#alarmAt = due
      await this.ctx.storage.setAlarm(due)
      const team = watches.find(hearsSessions)?.team
      if (team === undefined) return
      await this.#directory.rouse((client_id, until) =>
        rouseClient(this.env, { team, client_id }, until)
      )
    } catch (error) {
      log({ event: 'fault', where: 'team_directory', error: faultText(error) })
    }
  }

  #lookAgainBy(time: number): void {
    if (time >= this.#alarmAt) return
    this.#alarmAt = time
    this.ctx.waitUntil(this.#setAlarmBy(time))
  }

  async #setAlarmBy(time: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm()
    if (set === null || time < set) await this.ctx.storage.setAlarm(time)
  }
}
