// The setting that says what becomes of a session whose lease has ended: --expired.

import * as z from 'zod'
import type { Setting } from './command-line.ts'

const REVIVE = 'revive'
const REFUSE = 'refuse'

export const EXPIRED_SETTING: Setting = {
  key: 'expired',
  flag: '--expired',
  placeholder: `${REVIVE}|${REFUSE}`,
  env: 'STUI_EXPIRED',
  meaning:
    'what becomes of a session whose lease has ended when its owner works with it: it is made active again, or the work is refused',
  fallback: REVIVE,
}

export const EXPIRED_SHAPE = {
  expired: z.enum([REVIVE, REFUSE], {
    error: ({ input }) => `must be ${REVIVE} or ${REFUSE}, not "${String(input)}"`,
  }),
}
