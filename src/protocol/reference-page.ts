// The reference page of the protocol, printed from the registry and the catalogue.

import { COMMON_FAILURES } from './command.ts'
import { PROTOCOL_VERSION } from './limits.ts'
import { commandOverview, commandSections } from './reference-commands.ts'
import { components } from './reference-components.ts'
import { code, paragraphs } from './reference-markdown.ts'
import * as prose from './reference-prose.ts'

/** The page as Markdown; `decisions` is what people wrote by hand. */
export function referencePage(decisions: string): string {
  return `${paragraphs(
    '# The protocol',
    `Version ${PROTOCOL_VERSION}. Printed by \`npm run docs\` from the declarations in this folder: change those, or [decisions.md](decisions.md), not this page. For machines: [schema.json](schema.json) and [openapi.json](openapi.json).`,
    prose.messages(),
    prose.replies(),
    prose.authentication(),
    paragraphs('## Commands', commandOverview()),
    `Any command may be refused with ${COMMON_FAILURES.map(code).join(', ')}: the common ones.`,
    commandSections(),
    components(),
    prose.errors(),
    prose.figures(),
    prose.sessionIds(),
    prose.idempotency(),
    prose.http(),
    decisions.trim()
  )}\n`
}
