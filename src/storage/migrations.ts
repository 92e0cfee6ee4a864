// The schema of a client's object, as numbered steps. README.md shows its rows at each stage of life.

import type { Migration } from './schema.ts'

/** `ANY` columns hold a text as it is, or the bytes of a sealed one. */
export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    statements: [
      `CREATE TABLE client (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        team TEXT NOT NULL,
        client_id TEXT NOT NULL,
        owner TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        sessions_created INTEGER NOT NULL,
        creation_tokens REAL NOT NULL,
        creation_refilled_at INTEGER NOT NULL,
        audit_sequence INTEGER NOT NULL DEFAULT 0,
        audit_head TEXT NOT NULL DEFAULT '',
        audit_forgotten INTEGER NOT NULL DEFAULT 0,
        audit_anchor TEXT NOT NULL DEFAULT '',
        watched_until INTEGER NOT NULL DEFAULT 0,
        events_reported INTEGER NOT NULL DEFAULT 0
      ) STRICT`,
      `CREATE TABLE session (
        number INTEGER PRIMARY KEY,
        session_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('active', 'expired', 'closed', 'deleted')),
        timeout INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        last_modified INTEGER NOT NULL,
        last_activity INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        closed_at INTEGER,
        close_reason TEXT,
        revision INTEGER NOT NULL,
        state_bytes INTEGER NOT NULL,
        stored_bytes INTEGER NOT NULL,
        reported_bytes INTEGER NOT NULL,
        reported_activity INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        reported INTEGER NOT NULL,
        image_id TEXT NOT NULL,
        image_address TEXT NOT NULL,
        image_name TEXT NOT NULL,
        image_version TEXT NOT NULL,
        image_metadata TEXT NOT NULL,
        client_info TEXT NOT NULL
      ) STRICT`,
      "CREATE INDEX session_active ON session (number) WHERE status = 'active'",
      'CREATE INDEX session_unreported ON session (number) WHERE reported < sequence',
      `CREATE TABLE revision (
        session INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        at INTEGER NOT NULL,
        cause TEXT NOT NULL,
        label TEXT NOT NULL,
        changed TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        manifest ANY NOT NULL,
        root TEXT NOT NULL,
        PRIMARY KEY (session, revision)
      ) STRICT, WITHOUT ROWID`,
      `CREATE TABLE component (
        session INTEGER NOT NULL,
        component TEXT NOT NULL,
        revision INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        crc32 INTEGER NOT NULL,
        text ANY NOT NULL,
        PRIMARY KEY (session, component, revision)
      ) STRICT`,
      `CREATE TABLE registry_epoch (
        session INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        image_id TEXT NOT NULL,
        epoch TEXT NOT NULL,
        later ANY NOT NULL,
        PRIMARY KEY (session, revision)
      ) STRICT`,
      `CREATE TRIGGER registry_epoch_goes AFTER DELETE ON component WHEN OLD.component = 'object_registry' BEGIN
        DELETE FROM registry_epoch WHERE session = OLD.session AND revision = OLD.revision;
      END`,
      `CREATE TABLE answered (
        number INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        message TEXT NOT NULL,
        request ANY NOT NULL,
        fields TEXT NOT NULL,
        opaque TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT`,
      `CREATE TABLE event (
        sequence INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        type TEXT NOT NULL,
        session_id TEXT NOT NULL,
        status TEXT NOT NULL,
        revision INTEGER NOT NULL,
        state_bytes INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        image_id TEXT NOT NULL
      ) STRICT`,
      `CREATE TABLE audit (
        sequence INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        session_id TEXT NOT NULL,
        address TEXT NOT NULL,
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL CHECK (json_valid(detail)),
        times INTEGER NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT`,
    ],
  },
  // Empty for answers of before, which say nothing of the delivery that heard them.
  { number: 2, statements: ["ALTER TABLE answered ADD COLUMN delivery TEXT NOT NULL DEFAULT ''"] },
  // Sessions of before were not counted: they begin at 0, without a last command until one is written.
  {
    number: 3,
    statements: [
      'ALTER TABLE session ADD COLUMN updates INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE session ADD COLUMN restores INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE session ADD COLUMN bytes_written INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE session ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0',
      "ALTER TABLE session ADD COLUMN last_command TEXT NOT NULL DEFAULT ''",
    ],
  },
]
