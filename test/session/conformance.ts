// What the engine promises, whichever SQLite it runs on. Every host runs all of it.

import { describe } from 'vitest'
import type { WithHost } from '../support/engine-host.ts'
import { engineTest } from '../support/engine-test.ts'
import { describeAdmins } from './conformance/admins.ts'
import { describeAllowances } from './conformance/allowances.ts'
import { describeAudit } from './conformance/audit.ts'
import { describeAuditChain } from './conformance/audit-chain.ts'
import { describeAuditLog } from './conformance/audit-log.ts'
import { describeAuditedRefusals } from './conformance/audit-refusals.ts'
import { describeBrokenDocuments } from './conformance/broken-documents.ts'
import { describeCleaning } from './conformance/cleaning.ts'
import { describeConflicts } from './conformance/conflicts.ts'
import { describeContexts } from './conformance/contexts.ts'
import { describeCreating } from './conformance/creating.ts'
import { describeDamage } from './conformance/damage.ts'
import { describeDamagedManifests } from './conformance/damaged-manifests.ts'
import { describeDiffs } from './conformance/diffs.ts'
import { describeExporting } from './conformance/exporting.ts'
import { describeFaults } from './conformance/faults.ts'
import { describeHistories } from './conformance/histories.ts'
import { describeImageCleanup } from './conformance/image-cleanup.ts'
import { describeImageEpochs } from './conformance/image-epochs.ts'
import { describeImageSessions } from './conformance/image-sessions.ts'
import { describeImages } from './conformance/images.ts'
import { describeImporting } from './conformance/importing.ts'
import { describeInspectorEpochs } from './conformance/inspector-epochs.ts'
import { describeKeptRevisions } from './conformance/kept-revisions.ts'
import { describeKeys } from './conformance/keys.ts'
import { describeLabels } from './conformance/labels.ts'
import { describeLeases } from './conformance/leases.ts'
import { describeLives } from './conformance/lives.ts'
import { describeMerging } from './conformance/merging.ts'
import { describeMessageIds } from './conformance/message-ids.ts'
import { describeOpaque } from './conformance/opaque.ts'
import { describeOrphanWarnings } from './conformance/orphan-warnings.ts'
import { describePreferences } from './conformance/preferences.ts'
import { describeRefusals } from './conformance/refusals.ts'
import { describeRenaming } from './conformance/renaming.ts'
import { describeRestoring } from './conformance/restoring.ts'
import { describeRevisions } from './conformance/revisions.ts'
import { describeStorageLimit } from './conformance/storage-limit.ts'
import { describeStrangers } from './conformance/strangers.ts'
import { describeSummaries } from './conformance/summaries.ts'
import { describeSwitching } from './conformance/switching.ts'
import { describeTelling } from './conformance/telling.ts'
import { describeTraces } from './conformance/traces.ts'
import { describeTurns } from './conformance/turns.ts'
import { describeUpdating } from './conformance/updating.ts'
import { describeUsing } from './conformance/using.ts'

const CHAPTERS = [
  describeCreating,
  describePreferences,
  describeRestoring,
  describeUpdating,
  describeMerging,
  describeImages,
  describeImageSessions,
  describeImageCleanup,
  describeImageEpochs,
  describeInspectorEpochs,
  describeOrphanWarnings,
  describeSwitching,
  describeLives,
  describeLeases,
  describeTelling,
  describeUsing,
  describeRevisions,
  describeKeptRevisions,
  describeLabels,
  describeRenaming,
  describeDiffs,
  describeConflicts,
  describeContexts,
  describeHistories,
  describeSummaries,
  describeKeys,
  describeMessageIds,
  describeRefusals,
  describeAllowances,
  describeTurns,
  describeStorageLimit,
  describeTraces,
  describeStrangers,
  describeAdmins,
  describeOpaque,
  describeDamage,
  describeDamagedManifests,
  describeAudit,
  describeAuditLog,
  describeAuditedRefusals,
  describeAuditChain,
  describeCleaning,
  describeExporting,
  describeImporting,
  describeBrokenDocuments,
  describeFaults,
]

/** Runs the whole suite on a host. */
export function describeEngine(name: string, withHost: WithHost): void {
  describe(name, () => {
    for (const chapter of CHAPTERS) chapter(engineTest(withHost))
  })
}
