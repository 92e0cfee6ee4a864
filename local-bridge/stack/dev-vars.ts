// Makes the secret that `wrangler dev` signs session ids with, once: npm run dev. The file stays on this machine.

import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'

const FILE = '.dev.vars'

if (!existsSync(FILE)) {
  const secret = randomBytes(32).toString('base64url')
  writeFileSync(FILE, `STUI_SESSION_SECRETS=${secret}\n`, { mode: 0o600 })
  process.stdout.write(`Made ${FILE} with a new secret for session ids.\n`)
}
