#!/usr/bin/env node
// The bridge as a program: stui-bridge [run | status | doctor | journal | sessions | whoami | keys | config | service].
// Reads how it was called and does it. What a command needs is imported when it is called: the rest would stay in memory.

import './small-heap.ts'
import { begin, giveUp } from './begin.ts'
import { COMMANDS, type CommandName, isCommand } from './commands.ts'

const [word = '', ...rest] = process.argv.slice(2)

if (isCommand(word)) await start(word, rest)
else if (word === '' || word.startsWith('-')) await start('run', process.argv.slice(2))
else {
  // Not repeated: it may be a secret in the wrong place.
  const names = Object.keys(COMMANDS).join(', ')
  await refuse(`stui-bridge: there is no such command; the commands are ${names}.`)
}

async function start(command: CommandName, args: readonly string[]): Promise<void> {
  const { withSettingsFile } = await import('./operate/settings-file.ts')
  const { VARIABLES } = await import('./operate/variables.ts')
  const found = withSettingsFile({ args, env: process.env }, VARIABLES)
  if (!found.ok) return refuse(`stui-bridge: ${found.failure}.`)
  const called = { ...found.value, isTerminal: process.stdout.isTTY === true }
  switch (command) {
    case 'run': {
      const { readConfig } = await import('./config.ts')
      const { run } = await import('./run.ts')
      return begin(readConfig(called), run)
    }
    case 'status': {
      const { readStatus, showStatus } = await import('./operate/status.ts')
      return begin(readStatus(called), showStatus)
    }
    case 'doctor': {
      const { readDoctor } = await import('./operate/doctor/doctor-config.ts')
      const { runDoctor } = await import('./operate/doctor/doctor.ts')
      return begin(readDoctor(called), runDoctor)
    }
    case 'journal': {
      const { readJournalTask } = await import('./operate/journal/journal-config.ts')
      const { runJournal } = await import('./operate/journal/journal.ts')
      return begin(readJournalTask(called), runJournal)
    }
    case 'sessions': {
      const { readSessions } = await import('./sessions/sessions-config.ts')
      const { showSessions } = await import('./sessions/sessions.ts')
      return begin(readSessions(called), showSessions)
    }
    case 'whoami': {
      const { readWhoami, whoami } = await import('./whoami.ts')
      return begin(readWhoami(called), whoami)
    }
    case 'keys': {
      const { readKeysTask } = await import('./keys-config.ts')
      const { runKeysTask } = await import('./keys.ts')
      return begin(readKeysTask(called), async (task) => {
        const done = runKeysTask(task)
        if (done.ok) process.stdout.write(done.value)
        else giveUp(done.failure)
      })
    }
    case 'config': {
      const { readShowConfig, showConfig } = await import('./operate/show-config.ts')
      return begin(readShowConfig(called), showConfig)
    }
    case 'service': {
      const { readServiceTask } = await import('./operate/service/service-config.ts')
      const { printUnit } = await import('./operate/service/service.ts')
      return begin(readServiceTask(called), printUnit)
    }
    default:
      command satisfies never
  }
}

function refuse(sentence: string): Promise<void> {
  return begin({ kind: 'refuse', sentence }, async () => {})
}
