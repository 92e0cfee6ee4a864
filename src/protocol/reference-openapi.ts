// The HTTP surface as OpenAPI 3.1, printed from the registry.

import { VERSION } from '../version.ts'
import { CATALOGUE } from './catalogue.ts'
import type { JsonObject } from './command.ts'
import { MAX_ID_LENGTH, MAX_MESSAGE_BYTES } from './limits.ts'
import { batchesOperation } from './openapi-batches.ts'
import { errorResponse, header, json, refs, SCHEMAS } from './openapi-parts.ts'
import { definitions } from './reference.ts'

/** The HTTP surface as OpenAPI 3.1. */
export function openApiDocument(): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'STUI Sessions',
      version: VERSION,
      description: 'Durable development sessions for STUI, the terminal IDE for Smalltalk.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      '/v1/messages': { post: messagesOperation() },
      '/v1/batches': { post: batchesOperation() },
      '/v1/describe': { get: describeOperation() },
      '/openapi.json': {
        get: reading('openapi', 'Gives this document.', { type: 'object' }),
      },
      '/healthz': {
        get: reading('health', 'Tells that the process runs, and whether its settings are good.', {
          type: 'object',
          required: ['status', 'version', 'configured'],
          properties: {
            status: { const: 'ok' },
            version: { type: 'string' },
            configured: { type: 'boolean' },
          },
        }),
      },
      '/readyz': {
        get: reading(
          'ready',
          'Tells that the Worker serves; 503 names the setting that is wrong.',
          {
            type: 'object',
            required: ['status', 'version'],
            properties: { status: { const: 'ready' }, version: { type: 'string' } },
          },
          [503]
        ),
      },
    },
    components: {
      schemas: definitions(SCHEMAS),
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  }
}

function messagesOperation(): JsonObject {
  return {
    operationId: 'messages',
    summary: 'Answers one message.',
    description: `At most ${MAX_MESSAGE_BYTES} bytes. The body of every answer is an envelope; the status mirrors its error_code.`,
    // Without a token only where the service does not authenticate.
    security: [{ token: [] }, {}],
    parameters: [
      header(
        'Idempotency-Key',
        'Of the message, unless it has an idempotency_key of its own.',
        MAX_ID_LENGTH
      ),
      header(
        'X-Delivery-Id',
        "A bridge's name for what it delivers, the same for each of its attempts.",
        MAX_ID_LENGTH
      ),
      header('X-Request-Id', 'Comes back as it is; one is made if it is absent.', 128),
      header('traceparent', 'W3C trace context; comes back as it is.', 55),
    ],
    requestBody: { required: true, content: json({ oneOf: refs('request') }) },
    responses: {
      200: {
        description: 'The command was carried out.',
        content: json({ anyOf: refs('reply') }),
      },
      ...Object.fromEntries(errorStatuses().map((status) => [status, errorResponse(status)])),
    },
  }
}

function describeOperation(): JsonObject {
  const schema = { $ref: `${SCHEMAS}describe_result` }
  return {
    ...reading('describe', 'Describes one command, or all of them.', schema, [400, 503]),
    parameters: [
      {
        name: 'command',
        in: 'query',
        description: 'The command to describe; all of them if absent.',
        schema: { type: 'string' },
      },
    ],
  }
}

function reading(
  operationId: string,
  summary: string,
  schema: JsonObject,
  refusals: readonly number[] = [503]
): JsonObject {
  return {
    operationId,
    summary,
    responses: {
      200: { description: 'As asked for.', content: json(schema) },
      ...Object.fromEntries(refusals.map((status) => [status, errorResponse(status)])),
    },
  }
}

function errorStatuses(): number[] {
  return [...new Set(Object.values(CATALOGUE).map(({ status }) => status))].sort((a, b) => a - b)
}
