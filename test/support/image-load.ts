// Developers who evaluate and save without a pause, each in a session of their own, until it is closed under them.

import { createChanges } from './changes.ts'
import type { Members } from './fixtures.ts'
import type { DeskTui } from './image-desk.ts'

/** Somebody at work, and the text and the revision of what one was last told is saved. */
export type Work = {
  readonly client_id: string
  readonly image_id: string
  readonly session_id: string
  readonly tui: DeskTui
  saved: string
  revision: unknown
}

export type ImageLoad = {
  /** What those were answered who work no more, each with its session. */
  readonly refused: readonly Members[]
  /** Resolves when everybody who still works has saved so many times more. */
  saved(times: number): Promise<void>
  stop(): Promise<void>
}

export function startImageLoad(works: readonly Work[]): ImageLoad {
  const refused: Members[] = []
  const saves = new Map<Work, number>(works.map((work) => [work, 0]))
  const changes = createChanges()
  let isOver = false

  async function work(mine: Work): Promise<void> {
    const { client_id, image_id, session_id, tui } = mine
    let isThere = true
    for (let nth = 1; !isOver; nth += 1) {
      if (isThere) {
        const answer = await tui.evaluate(session_id, `${client_id}-${nth}`)
        isThere = !answer.includes('image_unreachable')
      }
      const state_data = { client_id, image_id, nth }
      const reply = await tui.ask('update_session_state', { session_id, state_data })
      if (reply.status === 'success') {
        mine.saved = JSON.stringify(state_data)
        mine.revision = (reply.result as Members).revision
        saves.set(mine, (saves.get(mine) ?? 0) + 1)
      } else {
        refused.push({ ...reply, session_id })
        saves.delete(mine)
      }
      changes.happened()
      if (!saves.has(mine)) return
    }
  }

  const working = Promise.all(works.map(work))
  return {
    refused,
    saved: async (times) => {
      const goals = new Map([...saves].map(([one, count]) => [one, count + times]))
      await changes.until(() => [...saves].every(([one, count]) => count >= (goals.get(one) ?? 0)))
    },
    stop: async () => {
      isOver = true
      await working
    },
  }
}
