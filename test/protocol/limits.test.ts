// The figures of the wire, pinned.

import { describe, expect, it } from 'vitest'
import * as limits from '../../src/protocol/limits.ts'

describe('the limits', () => {
  it('are those of the specification', () => {
    expect({ ...limits, CLIENT_ID: limits.CLIENT_ID.source }).toEqual({
      MAX_MESSAGE_BYTES: 2_097_152,
      MAX_BATCH_ENTRIES: 50,
      MAX_BATCH_REPLY_BYTES: 2_097_152,
      MAX_SESSION_BYTES: 1_000_000,
      MAX_MEMBERS: 20_000,
      MAX_NESTING: 64,
      MAX_ID_LENGTH: 255,
      MAX_NAME_LENGTH: 120,
      MAX_CLIENT_INFO_LENGTH: 8192,
      MAX_CLIENT_CAPABILITIES: 64,
      CLIENT_ID: '^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$',
      MIN_TIMEOUT_S: 60,
      MAX_TIMEOUT_S: 86_400,
      DEFAULT_PAGE: 50,
      MAX_PAGE: 200,
      MAX_CURSOR_LENGTH: 512,
      MAX_HISTORY_ENTRIES: 1000,
      MAX_HISTORY_BYTES: 256_000,
      MAX_STALE_IDS: 10_000,
      MAX_METADATA_ENTRIES: 64,
      MAX_METADATA_KEY_LENGTH: 64,
      MAX_METADATA_VALUE_LENGTH: 1024,
      MAX_REPORTED_METADATA_LENGTH: 4096,
      MAX_REPORTED_CLASSES: 30_000,
      MAX_REPORTED_CLASSES_BYTES: 1_000_000,
      MAX_CLASSES_SOUGHT: 10_000,
      MAX_MISSING_CLASSES: 200,
      MAX_IMAGES_TOLD: 200,
      MAX_TEAM_IMAGES: 1000,
      MAX_SUBJECT_IMAGES: 100,
      MAX_REPORTERS: 8,
      IMAGE_HEARTBEAT_MS: 5_000,
      IMAGE_MISSED_REPORTS: 2,
      IMAGE_DISCONNECTED_AFTER_MS: 30_000,
      IMAGE_ORPHANED_AFTER_MS: 300_000,
      IMAGE_SLOW_ROUND_TRIP_MS: 250,
      IMAGE_CRITICAL_ROUND_TRIP_MS: 1_000,
      BRIDGE_REPORT_GAP_MS: 5_000,
      BRIDGE_HEARTBEAT_MS: 45_000,
      BRIDGE_SILENT_AFTER_MS: 60_000,
      MAX_BRIDGE_CLIENTS: 64,
      MAX_SUBJECT_BRIDGES: 16,
      MAX_TEAM_BRIDGES: 1000,
      MAX_BRIDGES_TOLD: 200,
      MAX_CLEANED: 200,
      MAX_CLIENTS_CLEANED: 20,
      PROTOCOL_VERSION: '1.0.0',
      CAPABILITIES: [
        'context_preservation',
        'object_registry',
        'session_persistence',
        'context_restoration',
      ],
    })
  })
})
