// The commands of the program, for its --help and for whoever mistypes one.

/** By name, in the order in which they are told. */
export const COMMANDS = {
  run: 'runs the bridge; the command that is meant where none is named',
  status: 'shows how the bridge that runs is',
  doctor:
    'looks at every hop, from the client to the image, and says which one is broken and what to do',
  journal:
    'shows and saves the changes that wait for the service, and those that it refused; sends refused ones again, or drops them',
  sessions: 'shows the sessions by image, once or live',
  whoami: 'asks the STUI API whose token this is',
  keys: 'makes and lists CURVE keys',
  config: 'shows every setting that would count, and where it comes from',
  service: 'prints a unit for systemd or launchd that keeps the bridge running',
} as const

export type CommandName = keyof typeof COMMANDS

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word)
}

export const COMMANDS_TEXT = `Commands (stui-bridge <command> --help tells more):
${Object.entries(COMMANDS)
  .map(([name, meaning]) => `  ${name.padEnd(9)}${meaning}`)
  .join('\n')}`
