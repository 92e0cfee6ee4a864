// Client to bridge: asks the bridge as a TUI would.

import { systemClock } from '../../../src/clock.ts'
import { VERSION } from '../../../src/version.ts'
import { systemTimer } from '../../timer.ts'
import { adviceFor, askBridge } from '../ask-bridge.ts'
import { clientKeys } from '../client-key.ts'
import { duration } from '../words.ts'
import type { DoctorConfig } from './doctor-config.ts'
import { broken, type Finding, ok, warning } from './finding.ts'

const HOP = 'bridge'

export async function checkBridge({ config, endpoint, clientKey }: DoctorConfig): Promise<Finding> {
  const keys = clientKeys(clientKey, config.curveKeys)
  if (!keys.ok)
    return broken(HOP, 'it speaks CURVE, and there is no key to ask it with', keys.failure)
  const answer = await askBridge({ endpoint, keys: keys.value, timer: systemTimer })
  if (!answer.ok) return broken(HOP, ...adviceFor(answer.failure, endpoint))
  const { status, tookMs } = answer.value
  const up = duration(systemClock.now() - Date.parse(status.started_at))
  const seen = `answers at ${endpoint} in ${tookMs} ms; version ${status.version}, up for ${up}`
  if (status.version !== VERSION) {
    return warning(HOP, seen, `this program is version ${VERSION}: start the bridge again`)
  }
  if (new URL(status.uplink.url).href !== new URL(config.upstream).href) {
    return warning(
      HOP,
      `${seen}; it uses the service at ${status.uplink.url}`,
      `below, ${config.upstream} is looked at: name the right one with --upstream`
    )
  }
  const { journal_trouble } = status
  if (journal_trouble !== null) {
    return broken(HOP, `${seen}; what is kept here is not well`, journal_trouble)
  }
  return ok(HOP, seen)
}
