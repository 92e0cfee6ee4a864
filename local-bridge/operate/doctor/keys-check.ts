// CURVE: the keys of the bridge and the list of who may connect.

import type { Config } from '../../config.ts'
import { readAllowed, readServerKeys } from '../../curve-folder.ts'
import { counted } from '../words.ts'
import { broken, type Finding, ok, warning } from './finding.ts'

const HOP = 'keys'

/** Undefined where the bridge speaks no CURVE. */
export function checkKeys({ curveKeys }: Config): Finding | undefined {
  if (curveKeys === undefined) return undefined
  const server = readServerKeys(curveKeys)
  if (!server.ok)
    return broken(HOP, server.failure, 'stui-bridge keys --help tells how keys are made')
  const allowed = readAllowed(curveKeys)
  if (!allowed.ok) return broken(HOP, allowed.failure, 'until then nobody new is let in')
  const count = allowed.value.length
  if (count === 0) {
    return warning(HOP, 'no client may connect', 'let one in: stui-bridge keys new-client <name>')
  }
  return ok(HOP, `${counted(count, 'client')} may connect`)
}
