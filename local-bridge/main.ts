#!/usr/bin/env node
// The bridge as a program: stui-bridge [run | status | doctor | sessions | whoami | keys | config | service]. Reads how it was
// called and does it.

import { begin, giveUp } from './begin.ts'
import { COMMANDS, type CommandName, isCommand } from './commands.ts'
import { readConfig } from './config.ts'
import { runKeysTask } from './keys.ts'
import { readKeysTask } from './keys-config.ts'
import { runDoctor } from './operate/doctor/doctor.ts'
import { readDoctor } from './operate/doctor/doctor-config.ts'
import { printUnit } from './operate/service/service.ts'
import { readServiceTask } from './operate/service/service-config.ts'
import { withSettingsFile } from './operate/settings-file.ts'
import { readShowConfig, showConfig } from './operate/show-config.ts'
import { readStatus, showStatus } from './operate/status.ts'
import { VARIABLES } from './operate/variables.ts'
import { run } from './run.ts'
import { showSessions } from './sessions/sessions.ts'
import { readSessions } from './sessions/sessions-config.ts'
import { readWhoami, whoami } from './whoami.ts'

const [word = '', ...rest] = process.argv.slice(2)

if (isCommand(word)) await start(word, rest)
else if (word === '' || word.startsWith('-')) await start('run', process.argv.slice(2))
else {
  // Not repeated: it may be a secret in the wrong place.
  const names = Object.keys(COMMANDS).join(', ')
  const sentence = `stui-bridge: there is no such command; the commands are ${names}.`
  await begin({ kind: 'refuse', sentence }, run)
}

async function start(command: CommandName, args: readonly string[]): Promise<void> {
  const found = withSettingsFile({ args, env: process.env }, VARIABLES)
  if (!found.ok) {
    return begin({ kind: 'refuse', sentence: `stui-bridge: ${found.failure}.` }, run)
  }
  const called = { ...found.value, isTerminal: process.stdout.isTTY === true }
  switch (command) {
    case 'run':
      return begin(readConfig(called), run)
    case 'status':
      return begin(readStatus(called), showStatus)
    case 'doctor':
      return begin(readDoctor(called), runDoctor)
    case 'sessions':
      return begin(readSessions(called), showSessions)
    case 'whoami':
      return begin(readWhoami(called), whoami)
    case 'keys':
      return begin(readKeysTask(called), async (task) => {
        const done = runKeysTask(task)
        if (done.ok) process.stdout.write(done.value)
        else giveUp(done.failure)
      })
    case 'config':
      return begin(readShowConfig(called), showConfig)
    case 'service':
      return begin(readServiceTask(called), printUnit)
    default:
      command satisfies never
  }
}
