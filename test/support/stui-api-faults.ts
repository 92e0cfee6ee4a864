// What may be wrong with the small STUI API, so that one can see how others bear it.

import type { ServerResponse } from 'node:http'
import { reply } from '../../local-bridge/stack/stui-api/server.ts'

/**
 * `hang` never answers, `slow` answers when it is released, `error` says 500, `garbage` is not JSON,
 * `nonsense` is JSON that means nothing, `redirect` points elsewhere, `down` breaks the connection.
 */
export const FAULTS = [
  'none',
  'hang',
  'slow',
  'error',
  'garbage',
  'nonsense',
  'redirect',
  'down',
] as const
export type Fault = (typeof FAULTS)[number]

export type Faults = {
  become(fault: Fault): void
  /** Lets the slow answers go, and is well from then on. */
  release(): void
  /** Answers in the way of the fault, or lets the right answer through. */
  answer(response: ServerResponse, right: () => void): void
}

export function createFaults(): Faults {
  const held: (() => void)[] = []
  let current: Fault = 'none'

  function answer(response: ServerResponse, right: () => void) {
    switch (current) {
      case 'none':
        return right()
      case 'hang':
        return
      case 'slow':
        held.push(right)
        return
      case 'error':
        return reply(response, 500, '{"error":"server_error"}')
      case 'garbage':
        return reply(response, 200, '<html>It works!</html>')
      case 'nonsense':
        return reply(response, 200, '{"active":"perhaps","keys":7,"issuer":[]}')
      case 'redirect':
        response.setHeader('location', '/elsewhere')
        return reply(response, 307, '')
      case 'down':
        response.socket?.destroy()
        return
      default:
        return current satisfies never
    }
  }

  return {
    answer,
    become: (fault) => {
      current = fault
    },
    release: () => {
      current = 'none'
      for (const right of held.splice(0)) right()
    },
  }
}
