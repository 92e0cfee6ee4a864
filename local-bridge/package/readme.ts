// The README of the packed bridge: the sections of the bridge's own that are for its users, in the words of an installed
// program. Written once: a test compares.

import { OLDEST_NODE } from './oldest-node.ts'

/** Sections for those who change the bridge. */
const NOT_FOR_USERS: ReadonlySet<string> = new Set(['Where things are', 'Decisions'])

const HOW_TO_INSTALL = `## Install

\`\`\`sh
npx ./stui-bridge-<version>.tgz --help
npm install -g ./stui-bridge-<version>.tgz
\`\`\`

It needs Node ${OLDEST_NODE} or newer. Where this page says \`stui-bridge\`, \`npx stui-bridge\` does as well.

`

export function packageReadme(readme: string): string {
  const [head = '', ...sections] = readme.split(/^(?=## )/m)
  const kept = sections.filter((section) => !NOT_FOR_USERS.has(titleOf(section)))
  const text = [head, HOW_TO_INSTALL, ...kept].join('').trimEnd()
  // The page lies at the top of the package, one folder above those that it names.
  return `${text.replace(/\]\((?=[\w-]+\/)/g, '](local-bridge/')}\n`
}

function titleOf(section: string): string {
  return section.slice('## '.length, section.indexOf('\n'))
}
