#!/usr/bin/env node
// What npm links as stui-bridge: refuses a Node that is too old in one sentence, where the first import of the program would
// end in an error that explains nothing.

import { OLDEST_NODE } from './oldest-node.ts'

const major = Number.parseInt(process.versions.node, 10)

if (major >= OLDEST_NODE) await import('../main.ts')
else {
  process.stderr.write(
    `stui-bridge needs Node ${OLDEST_NODE} or newer; this is ${process.version}: https://nodejs.org has it.\n`
  )
  process.exitCode = 1
}
