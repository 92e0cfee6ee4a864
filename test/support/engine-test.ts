// Writes a test of the engine that runs on any host.

import { it } from 'vitest'
import type { EngineHost, HostOptions, WithHost } from './engine-host.ts'

/** A test with a fresh host; `options` set the host's limits. */
export type EngineTest = (
  title: string,
  work: (host: EngineHost) => void,
  options?: HostOptions
) => void

export function engineTest(withHost: WithHost): EngineTest {
  return (title, work, options = {}) => {
    it(title, () => withHost(options, work))
  }
}
