import { describe, expect, it } from 'vitest'
import { IMAGE_LIMITS } from '../../../local-bridge/images/image-limits.ts'
import { createKeptOutcomes } from '../../../local-bridge/images/kept-outcomes.ts'
import { succeed } from '../../../src/outcome.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

const answer = (bytes: number) => ({
  ...{ requestId: 'r', image: 'main' },
  outcome: succeed([Buffer.alloc(bytes)]),
})

function keptWith(keptBytes: number, largest?: number) {
  const timer = createManualTimer()
  const limits = { ...IMAGE_LIMITS, keptBytes }
  const bound = largest === undefined ? {} : { largest }
  return { timer, kept: createKeptOutcomes({ timer, limits, gone: 'it was given', ...bound }) }
}

describe('outcomes that are kept for a retry', () => {
  it('are forgotten after 30 s, or when they are not needed', () => {
    const { timer, kept } = keptWith(100)
    kept.keep('a', answer(1))
    kept.keep('b', answer(1))
    kept.forget('b')
    expect(kept.get('a')).toEqual(answer(1))
    expect(kept.get('b')).toBeUndefined()
    timer.advance(30_000)
    expect(kept.get('a')).toBeUndefined()
  })

  it('give up the oldest answers beyond the bound, but never that the request has run', () => {
    const { kept } = keptWith(100)
    kept.keep('a', answer(60))
    kept.keep('b', answer(60))
    expect(kept.get('a')?.outcome).toMatchObject({
      ok: false,
      failure: { reason: 'image_unreachable', image: 'main', may_have_run: true },
    })
    expect(kept.get('b')).toEqual(answer(60))
  })

  it('are kept of a large answer only as that the request has run, where large ones are not to be kept', () => {
    const { kept } = keptWith(100_000, 60)
    kept.keep('a', answer(60))
    kept.keep('b', answer(60_000))
    expect(kept.get('a')).toEqual(answer(60))
    expect(kept.get('b')?.outcome).toMatchObject({
      ...{ ok: false, failure: { may_have_run: true, detail: expect.stringContaining('given') } },
    })
  })

  it('count the bytes of what was kept anew, forgotten or is too old only once', () => {
    const { timer, kept } = keptWith(100)
    for (let nth = 0; nth < 5; nth += 1) kept.keep('a', answer(60))
    expect(kept.get('a')).toEqual(answer(60))
    kept.forget('a')
    kept.keep('b', answer(60))
    timer.advance(30_000)
    kept.keep('c', answer(60))
    kept.keep('d', answer(40))
    expect([kept.get('c'), kept.get('d')]).toEqual([answer(60), answer(40)])
  })
})
