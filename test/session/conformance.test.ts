// The engine in a bridge: node:sqlite.

import { withNodeHost } from '../support/engine-node-host.ts'
import { describeEngine } from './conformance.ts'

describeEngine('The engine on node:sqlite', withNodeHost)
