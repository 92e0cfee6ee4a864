// get_session_statistics (seed 000): of the caller's team, told by the team's directory.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { cleaned } from '../image-fields.ts'

export const getSessionStatistics = command({
  name: 'get_session_statistics',
  scope: 'team',
  mutates: false,
  summary: "Counts the sessions of the caller's team.",
  parameters: z.object({}),
  result: z.object({
    total_sessions: z.int().min(0).describe('Active, expired and closed ones that are kept.'),
    active_clients: z.int().min(0).describe('Clients with at least one active session.'),
    max_sessions_per_client: z.int().min(1).describe('Active sessions that a client may have.'),
    default_timeout: fields.timeout.describe('Seconds; of sessions created without a timeout.'),
    cleanup_interval: z
      .int()
      .min(1)
      .describe('Seconds until an ended lease is noticed at the latest.'),
    active_sessions: z.int().min(0).describe('Sessions whose lease runs.'),
    expired_sessions: z.int().min(0).describe('Sessions whose lease ended.'),
    closed_sessions: z.int().min(0).describe('Sessions that were closed.'),
    orphaned_sessions: z
      .int()
      .min(0)
      .describe(
        'Active and expired ones whose image is disconnected for longer than the grace time.'
      ),
    images: z.int().min(0).describe('Distinct images with an active session.'),
    total_bytes: fields.bytes.describe('Bytes of the components of all sessions together.'),
    cleaned,
    as_of: fields.timestamp.describe('When the newest report arrived that these numbers count.'),
  }),
  failures: [],
  example: {
    parameters: {},
    result: {
      total_sessions: 5,
      active_clients: 2,
      max_sessions_per_client: 5,
      default_timeout: 3600,
      cleanup_interval: 300,
      active_sessions: 4,
      expired_sessions: 1,
      closed_sessions: 0,
      orphaned_sessions: 0,
      images: 1,
      total_bytes: 5120,
      cleaned: {
        last_at: '2025-08-30T10:45:00.000Z',
        expired: 3,
        deleted: 0,
        closed: 2,
        orphaned: 1,
      },
      as_of: '2025-08-30T10:50:00.000Z',
    },
  },
})
