// validate_feature_access (seed 002). A denial is a success with access_granted:false; a bad token is an error.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { MAX_ID_LENGTH } from '../limits.ts'

const tier = z.enum(['free', 'pro', 'enterprise'])

export const validateFeatureAccess = command({
  name: 'validate_feature_access',
  scope: 'service',
  mutates: false,
  summary:
    'Tells whether the subscription includes a feature: that of `auth_token` if the message has one, else that of the caller.',
  parameters: z.object({
    client_id: fields.clientId,
    feature: z
      .string()
      .min(1)
      .max(MAX_ID_LENGTH)
      .describe('The name of the feature, such as remote_debugger.'),
  }),
  result: z.object({
    feature: z.string().describe('As it was asked for.'),
    access_granted: z.boolean().describe('True if it may be used.'),
    subscription_tier: tier.describe('The tier that the verified token names.'),
    expires_at: fields.timestamp.describe(
      'When the token ends that this was decided from; far in the future if it does not.'
    ),
    reason: z
      .enum(['tier_too_low', 'unknown_feature'])
      .describe('Only after a denial: why.')
      .optional(),
    required_tier: tier
      .describe('Only after a denial that another tier would lift: the least that has the feature.')
      .optional(),
  }),
  failures: ['invalid_client_id', 'client_not_allowed'],
  example: {
    parameters: { client_id: 'client_001', feature: 'remote_debugger' },
    result: {
      feature: 'remote_debugger',
      access_granted: false,
      subscription_tier: 'free',
      expires_at: '2025-08-30T11:50:00.000Z',
      reason: 'tier_too_low',
      required_tier: 'pro',
    },
  },
})
