// `stui-bridge doctor`: looks at each hop in turn and says which one is broken and what to do.

import { checkBridge } from './bridge-check.ts'
import { checkAccess, checkToken } from './developer-check.ts'
import type { DoctorConfig } from './doctor-config.ts'
import { type Finding, findingText, skipped, summaryText } from './finding.ts'
import { checkImages } from './images-check.ts'
import { checkJournal } from './journal-check.ts'
import { checkKeys } from './keys-check.ts'
import { checkService } from './service-check.ts'

/** Shows what was found, each line as soon as it is known; with `--json` all of it in one line. */
export async function runDoctor(config: DoctorConfig): Promise<void> {
  const findings: Finding[] = []
  for await (const finding of examine(config)) {
    findings.push(finding)
    if (!config.json) process.stdout.write(findingText(finding))
  }
  const isBroken = findings.some(({ state }) => state === 'broken')
  const end = config.json
    ? `${JSON.stringify({ ok: !isBroken, findings })}\n`
    : summaryText(findings)
  process.stdout.write(end)
  if (isBroken) process.exitCode = 1
}

/** From the client to the image, in the order in which a message goes. */
async function* examine(doctor: DoctorConfig): AsyncGenerator<Finding> {
  const { config } = doctor
  yield await checkBridge(doctor)
  const keys = checkKeys(config)
  if (keys !== undefined) yield keys
  let isServed = true
  for await (const finding of checkService(config.upstream)) {
    yield finding
    if (finding.state === 'broken') isServed = false
  }
  const [token, developer] = await checkToken(config.access)
  yield token
  if (isServed && developer !== undefined) yield* checkAccess(doctor, developer)
  else yield skipped('access', 'not asked, as the service or the token is not good')
  yield* await checkImages(config)
  yield* checkJournal(config)
}
