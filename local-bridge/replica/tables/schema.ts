// What the replica keeps of a client beside the engine's own tables. README.md shows the rows.

import type { Sql } from '../../../src/storage/sql.ts'

const STATEMENTS = [
  `CREATE TABLE IF NOT EXISTS replica (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    mint_key ANY,
    listed_at INTEGER,
    active_sessions INTEGER,
    entries INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS copy (
    session_id TEXT PRIMARY KEY,
    level INTEGER NOT NULL,
    whole_history INTEGER NOT NULL,
    synced_revision INTEGER NOT NULL,
    agreed_at INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    target TEXT NOT NULL,
    queue TEXT NOT NULL
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS journal (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    team TEXT NOT NULL,
    client_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    queue TEXT NOT NULL,
    command TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    base INTEGER NOT NULL,
    promised TEXT,
    bytes INTEGER NOT NULL,
    at INTEGER NOT NULL,
    message ANY NOT NULL,
    refused TEXT
  ) STRICT`,
  'CREATE INDEX IF NOT EXISTS journal_queue ON journal (queue, sequence) WHERE refused IS NULL',
  // Counted as they change: a journal of many entries is not counted again for each.
  `CREATE TRIGGER IF NOT EXISTS journal_added AFTER INSERT ON journal BEGIN
    UPDATE replica SET entries = entries + 1, bytes = bytes + new.bytes,
      refused = refused + (new.refused IS NOT NULL);
  END`,
  `CREATE TRIGGER IF NOT EXISTS journal_removed AFTER DELETE ON journal BEGIN
    UPDATE replica SET entries = entries - 1, bytes = bytes - old.bytes,
      refused = refused - (old.refused IS NOT NULL);
  END`,
  `CREATE TRIGGER IF NOT EXISTS journal_refused AFTER UPDATE OF refused ON journal BEGIN
    UPDATE replica SET refused = refused + (new.refused IS NOT NULL) - (old.refused IS NOT NULL);
  END`,
  `CREATE TABLE IF NOT EXISTS meant (
    sequence INTEGER PRIMARY KEY,
    named TEXT NOT NULL,
    base INTEGER NOT NULL,
    target TEXT NOT NULL,
    revision INTEGER NOT NULL,
    follows INTEGER
  ) STRICT`,
  'CREATE INDEX IF NOT EXISTS meant_follows ON meant (follows) WHERE follows IS NOT NULL',
  `CREATE TRIGGER IF NOT EXISTS meant_removed AFTER DELETE ON journal BEGIN
    DELETE FROM meant WHERE sequence = old.sequence;
  END`,
  `CREATE TABLE IF NOT EXISTS notice (
    number INTEGER PRIMARY KEY,
    text TEXT NOT NULL
  ) STRICT`,
]

/** Makes the tables that are not there. */
export function prepareReplica(sql: Sql): void {
  sql.transaction(() => {
    for (const statement of STATEMENTS) sql.exec(statement)
    sql.exec('INSERT OR IGNORE INTO replica (id) VALUES (1)')
  })
}
