// The engine in the cloud against the model.

import { withObjectHost } from '../support/engine-object-host.ts'
import { describeModel } from './model.ts'

describeModel('The engine on the SQLite of a Durable Object', withObjectHost)
