// The schema of a team's directory, as numbered steps. ../README.md shows its rows.

import type { Migration } from '../../storage/schema.ts'

export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    statements: [
      `CREATE TABLE session (
        session_id TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('active', 'expired', 'closed', 'deleted')),
        image_id TEXT NOT NULL,
        image_address TEXT NOT NULL,
        image_name TEXT NOT NULL,
        image_version TEXT NOT NULL,
        timeout INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        last_modified INTEGER NOT NULL,
        last_activity INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        reported_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
      "CREATE INDEX session_deleted ON session (reported_at) WHERE status = 'deleted'",
      'CREATE INDEX session_image ON session (image_id, last_activity)',
      `CREATE TABLE image (
        image_id TEXT NOT NULL,
        reporter TEXT NOT NULL,
        image_address TEXT NOT NULL,
        image_name TEXT NOT NULL,
        image_version TEXT NOT NULL,
        image_metadata TEXT NOT NULL,
        epoch TEXT NOT NULL,
        reported_status TEXT NOT NULL CHECK (reported_status IN ('Connected', 'Disconnected', 'Failed')),
        round_trip_ms REAL,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        last_report INTEGER NOT NULL,
        PRIMARY KEY (image_id, reporter)
      ) STRICT, WITHOUT ROWID`,
      `CREATE TABLE event (
        sequence INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        type TEXT NOT NULL,
        client_id TEXT NOT NULL,
        origin INTEGER,
        session_id TEXT NOT NULL,
        status TEXT NOT NULL,
        revision INTEGER NOT NULL,
        state_bytes INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        image_id TEXT NOT NULL,
        image_status TEXT NOT NULL,
        connection_status TEXT NOT NULL
      ) STRICT`,
      'CREATE UNIQUE INDEX event_origin ON event (client_id, origin) WHERE origin IS NOT NULL',
      `CREATE TABLE lease (
        client_id TEXT PRIMARY KEY,
        until INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
  {
    number: 2,
    statements: [
      "ALTER TABLE event ADD COLUMN seen_by TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE event ADD COLUMN own_image_status TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE event ADD COLUMN own_connection_status TEXT NOT NULL DEFAULT ''",
    ],
  },
  // Empty until the client reports the session again.
  { number: 3, statements: ["ALTER TABLE session ADD COLUMN owner TEXT NOT NULL DEFAULT ''"] },
  {
    number: 4,
    statements: [
      `CREATE TABLE bridge (
        subject TEXT NOT NULL,
        bridge_id TEXT NOT NULL,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        clients TEXT NOT NULL CHECK (json_valid(clients)),
        last_heard INTEGER NOT NULL,
        is_silent INTEGER NOT NULL,
        PRIMARY KEY (subject, bridge_id)
      ) STRICT`,
      'CREATE INDEX session_client ON session (client_id)',
      "ALTER TABLE event ADD COLUMN bridge_id TEXT NOT NULL DEFAULT ''",
    ],
  },
  {
    number: 5,
    statements: [
      `CREATE TABLE cleaned (
        image_id TEXT PRIMARY KEY,
        last_at INTEGER NOT NULL,
        expired INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        closed INTEGER NOT NULL,
        orphaned INTEGER NOT NULL
      ) STRICT`,
      'ALTER TABLE image ADD COLUMN epoch_at INTEGER NOT NULL DEFAULT 0',
      "ALTER TABLE event ADD COLUMN epoch TEXT NOT NULL DEFAULT ''",
    ],
  },
  {
    number: 6,
    statements: [
      `CREATE TABLE class_list (
        image_id TEXT NOT NULL,
        reporter TEXT NOT NULL,
        classes TEXT NOT NULL CHECK (json_valid(classes)),
        sha256 TEXT NOT NULL,
        reported_at INTEGER NOT NULL,
        PRIMARY KEY (image_id, reporter)
      ) STRICT`,
    ],
  },
]
