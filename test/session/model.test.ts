// The engine in a bridge against the model.

import { withNodeHost } from '../support/engine-node-host.ts'
import { describeModel } from './model.ts'

describeModel('The engine on node:sqlite', withNodeHost)
