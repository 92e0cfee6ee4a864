// A bridge in a process of its own, to be killed and frozen. Tells its parent what it logs; ends with it.

import { startBridge } from '../../local-bridge/start-bridge.ts'
import { type BridgeSeat, CHAOS_LIMITS } from './bridge-host.ts'

const { listen, upstream, folder }: BridgeSeat = JSON.parse(process.argv[2] ?? '{}')

process.once('disconnect', () => process.exit(0))
await startBridge({
  listen,
  upstream,
  limits: CHAOS_LIMITS,
  replica: { folder },
  log: (event) => {
    if (event.event !== 'command') process.send?.(event)
  },
})
