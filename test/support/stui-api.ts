// The STUI API of the local stack as tests need it: it can be made faulty, and tells how often it was asked.

import { type StuiApi, startStuiApi } from '../../local-bridge/stack/stui-api/server.ts'
import type { Clock } from '../../src/clock.ts'
import { createChanges } from './changes.ts'
import { createFaults, type Faults } from './stui-api-faults.ts'

export type TestApi = StuiApi &
  Pick<Faults, 'become' | 'release'> & {
    /** Requests that came for the path so far. */
    requests(path: string): number
    /** Resolves when so many requests have come for the path in all. */
    arrived(path: string, count: number): Promise<void>
  }

/** Starts it on a free port of 127.0.0.1. */
export async function startTestApi(options: { readonly clock?: Clock } = {}): Promise<TestApi> {
  const { answer, become, release } = createFaults()
  const { count, requests, arrived } = createCounter()
  const api = await startStuiApi({
    ...options,
    intercept: (path, response, right) => {
      count(path)
      answer(response, right)
    },
  })
  return { ...api, become, release, requests, arrived }
}

function createCounter() {
  const counts = new Map<string, number>()
  const changes = createChanges()
  const requests = (path: string) => counts.get(path) ?? 0

  function count(path: string) {
    counts.set(path, requests(path) + 1)
    changes.happened()
  }

  async function arrived(path: string, wanted: number): Promise<void> {
    await changes.until(() => requests(path) >= wanted)
  }

  return { requests, count, arrived }
}
