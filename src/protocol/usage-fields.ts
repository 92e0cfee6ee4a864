// How a session was used, as get_session_info tells it (requirement M-242). Told where it is known, never guessed.

import * as z from 'zod'
import { bytes } from './fields.ts'

const count = z.int().min(0)

export const usage = z
  .object({
    updates: count.describe('Revisions that commands have made; repairs are none.'),
    restores: count.describe(
      'Times that restore_session or load_context has renewed the lease, revived the session or repaired it. Looking again within a sixtieth of the lease is the same visit.'
    ),
    bytes_written: bytes.describe('Bytes of the texts that came with these updates.'),
    last_command: z
      .string()
      .describe(
        'The last one that made, renewed, changed or closed it; empty if none was counted.'
      ),
    active_seconds: count.describe(
      'Seconds between such commands while it was active; a gap of more than five minutes is a pause and adds nothing.'
    ),
  })
  .describe(
    'How the session was used since it was made, or since the service counts that. Absent in answers of a copy, which does not know it.'
  )
