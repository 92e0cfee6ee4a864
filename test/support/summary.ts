// What a client's object reports of a session.

import type { SessionSummary } from '../../src/team/report.ts'
import { START } from './fixed-clock.ts'

/** A summary of the session `session_<name>`. */
export function summaryOf(name: string, change: Partial<SessionSummary> = {}): SessionSummary {
  return {
    session_id: `session_${name}`,
    name: '',
    status: 'active',
    image_id: '',
    image_address: '',
    image_name: '',
    image_version: '',
    timeout: 3600,
    created_at: START,
    last_modified: START,
    last_activity: START,
    expires_at: START + 3_600_000,
    revision: 1,
    bytes: 10,
    sequence: 1,
    ...change,
  }
}
