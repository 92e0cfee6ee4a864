// Answers what only the bridge knows, in the asker's dialect.

import { type Clock, isoTime } from '../../src/clock.ts'
import { toJsonText } from '../../src/protocol/json-text.ts'
import { successReply } from '../../src/protocol/reply.ts'
import type { Inquiry } from '../request.ts'
import type { BridgeStatus } from './bridge-status.ts'

/** Gives the reply to a question about the bridge. */
export type Inquiries = (inquiry: Inquiry, requestId: string) => Promise<string>

export function createInquiries(status: () => Promise<BridgeStatus>, clock: Clock): Inquiries {
  return async ({ id, dialect }, request_id) => {
    const result = toJsonText(await status())
    return successReply({
      ...{ id, dialect, result },
      timestamp: isoTime(clock.now()),
      meta: { request_id },
    })
  }
}
