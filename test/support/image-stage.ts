// A team with its images: a real Worker process whose time a test moves, and what a bridge reports to it.

import { join } from 'node:path'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import type { Members } from './fixtures.ts'
import { createTui, overHttp, type Tui, type TuiDialect } from './tui.ts'

export type ImageStage = AsyncDisposable & {
  readonly url: string
  /** A TUI that asks the Worker itself, with this token or the stage's own. */
  tui(dialect: TuiDialect, token?: string): Tui
  /** Lets time pass for everything in the Worker. */
  advance(milliseconds: number): Promise<void>
  /** What a bridge says of an image; the image as it is told then. */
  report(image_id: string, status?: string, more?: Members): Promise<Members>
  /** Resolves when an image has this status in the eyes of its team. */
  until(image_id: string, connection_status: string): Promise<Members>
  /** Resolves when the team's directory has heard of so many active and expired sessions, of one image or of all. */
  heard(sessions: number, image_id?: string): Promise<void>
}

/** The time at which a stage begins. */
export const STAGE_START = Date.UTC(2040, 0, 1, 9, 0, 0)

/** Nobody waits on a clock that stands still. */
const NO_LIMITS = {
  STUI_COMMANDS_PER_MINUTE: '1000000',
  STUI_COMMAND_BURST: '1000000',
  STUI_CREATIONS_PER_MINUTE: '1000000',
  STUI_CREATION_BURST: '1000000',
  STUI_MAX_SESSIONS_PER_CLIENT: '100',
}

export type ImageStageOptions = {
  readonly settings?: Readonly<Record<string, string>>
  /** What bridges show who report here; nothing where authentication is off. */
  readonly token?: string
}

export async function startImageStage({
  settings,
  token: own,
}: ImageStageOptions = {}): Promise<ImageStage> {
  const worker = await startLocalWorker({
    script: await buildWorker(join(import.meta.dirname, 'still-worker-entry.ts')),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    settings: { ...NO_LIMITS, ...settings },
  })
  const { url } = worker
  const bridge = tui('A')

  function tui(dialect: TuiDialect, token = own): Tui {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return createTui(dialect, overHttp(url, headers))
  }

  async function seen(command: string, parameters: Members, isSo: (told: Members) => boolean) {
    // Another process is about to say it, and this one cannot be told when.
    for (;;) {
      const told = await bridge.run(command, parameters)
      if (isSo(told)) return told
    }
  }

  return {
    url,
    tui,
    advance: async (milliseconds) => {
      await fetch(url, { method: 'PUT', body: String(milliseconds) })
    },
    report: (image_id, status = 'Connected', more = {}) =>
      bridge.run('report_image_status', { image_id, status, ...more }),
    until: (image_id, wanted) =>
      seen(
        'get_image_connection_status',
        { image_id },
        (told) => told.connection_status === wanted
      ),
    heard: async (sessions, image_id = '*') => {
      const asked = { scope: 'team', image_id }
      await seen('list_image_sessions', asked, ({ total_count }) => total_count === sessions)
    },
    [Symbol.asyncDispose]: worker.stop,
  }
}
