// What a bridge carries out in the service's place and delivers later, and so what can be called acknowledged.

import type { JsonObject } from './command.ts'
import { findCommand } from './registry.ts'

/** True for work, and for whatever makes a session active again; the others are only answered. */
export function isOfflineWork(command: string, parameters: JsonObject): boolean {
  const offline = findCommand(command)?.offline
  return offline === 'work' || (offline !== undefined && parameters.revive === true)
}
