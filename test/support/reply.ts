// Reads a reply as a client does.

import * as z from 'zod'

const schema = z.looseObject({
  id: z.union([z.string(), z.number(), z.null()]),
  status: z.enum(['success', 'error']),
  error: z.string().optional(),
  error_type: z.string().optional(),
  error_code: z.string().optional(),
  recovery: z.array(z.looseObject({ command: z.string() })).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  meta: z.looseObject({ request_id: z.string().optional() }).optional(),
})

export type Reply = z.infer<typeof schema>

/** Reads a reply of one frame. */
export function readReply(reply: string | Uint8Array | readonly Uint8Array[]): Reply {
  if (typeof reply === 'string') return schema.parse(JSON.parse(reply))
  const bytes = reply instanceof Uint8Array ? reply : reply[0]
  return schema.parse(JSON.parse(Buffer.from(bytes ?? []).toString()))
}
