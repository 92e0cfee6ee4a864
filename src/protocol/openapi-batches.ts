// POST /v1/batches in the OpenAPI document.

import * as z from 'zod'
import { besideMessage } from './batch.ts'
import type { JsonObject } from './command.ts'
import { MAX_BATCH_ENTRIES, MAX_MESSAGE_BYTES } from './limits.ts'
import { errorResponse, header, json, refs, SCHEMAS } from './openapi-parts.ts'

export function batchesOperation(): JsonObject {
  return {
    operationId: 'batches',
    summary: 'Answers messages that a bridge delivers, one after another.',
    description: `At most ${MAX_BATCH_ENTRIES} messages, and ${MAX_MESSAGE_BYTES} bytes in all. Nothing is carried out behind a message that is refused, or whose work went to another session: there are then fewer replies than messages.`,
    security: [{ token: [] }, {}],
    parameters: [
      header('X-Request-Id', 'Comes back as it is; one is made if it is absent.', 128),
      header('traceparent', 'W3C trace context; comes back as it is.', 55),
    ],
    requestBody: { required: true, content: json(batchSchema(refs('request'))) },
    responses: {
      200: {
        description: 'The replies to the messages that were looked at, in their order.',
        content: json({
          type: 'array',
          minItems: 1,
          maxItems: MAX_BATCH_ENTRIES,
          items: { anyOf: [...refs('reply'), { $ref: `${SCHEMAS}error_reply` }] },
        }),
      },
      ...Object.fromEntries(
        WHOLE_BATCH_STATUSES.map((status) => [status, errorResponse(status)] as const)
      ),
    },
  }
}

/** How a batch as a whole is refused: nothing of it was carried out. */
const WHOLE_BATCH_STATUSES: readonly number[] = [400, 401, 413, 429, 500, 503]

function batchSchema(messages: readonly JsonObject[]): JsonObject {
  const { $schema: _, properties, required, ...beside } = z.toJSONSchema(besideMessage)
  return {
    type: 'array',
    minItems: 1,
    maxItems: MAX_BATCH_ENTRIES,
    items: {
      ...beside,
      properties: { ...properties, message: { oneOf: messages } },
      required: [...(required ?? []), 'message'],
    },
  }
}
