import { describe, expect, it } from 'vitest'
import { createRestartBudget } from '../../local-bridge/stack/restart-budget.ts'
import { createManualTimer } from '../support/manual-timer.ts'

describe('a Worker that ends by itself', () => {
  it('may be started again five times within a minute', () => {
    const isTooMany = createRestartBudget(createManualTimer())
    expect(Array.from({ length: 6 }, isTooMany)).toEqual([false, false, false, false, false, true])
  })

  it('may be started again for ever when that is rare', () => {
    const timer = createManualTimer()
    const isTooMany = createRestartBudget(timer)
    for (let count = 0; count < 20; count += 1) {
      expect(isTooMany()).toBe(false)
      timer.advance(12_001)
    }
  })
})
