// An agent of the user for launchd. launchd keeps no log: without --log-file the unit names files that it rotates itself.

import { join } from 'node:path'

export const LABEL = 'dev.stui.bridge'

const OPEN_FILES = 65_536

/** 077, as launchd wants it: in decimal. */
const PRIVATE_UMASK = 0o077

export function launchdPlist(command: readonly string[], home: string): string {
  const hasLog = command.includes('--log-file')
  const logFile = join(home, 'Library', 'Logs', 'stui-bridge.log')
  const words = hasLog ? command : [...command, '--log-file', logFile]
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    <string>${escaped(word)}</string>\n`).join('')}  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>5</integer>
  <key>ExitTimeOut</key>
  <integer>10</integer>
  <key>Umask</key>
  <integer>${PRIVATE_UMASK}</integer>
  <key>SoftResourceLimits</key>
  <dict>
    <key>NumberOfFiles</key>
    <integer>${OPEN_FILES}</integer>
  </dict>
  <key>StandardErrorPath</key>
  <string>${escaped(join(home, 'Library', 'Logs', 'stui-bridge.error.log'))}</string>
</dict>
</plist>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
