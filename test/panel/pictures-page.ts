// The states of the panel that are kept as pictures, the looks in which each is taken, and the page that shows them all.

/** What each picture shows; in the order in which the page has them. */
export const STATES = {
  'sign-in': 'Signing in, where the service asks for a token.',
  'client-choice': 'Whose sessions, where the token names no client.',
  loading: 'Before the first answer.',
  empty: 'Nothing is there yet.',
  sessions: 'A team at work: sessions by image, and what waits on whose bridge.',
  closed: 'With the closed sessions, each to be revived.',
  admin: 'What an admin may do with the session of a member, and why there is no more.',
  menu: 'What can be done with a session of one’s own.',
  rename: 'Another name.',
  refused: 'Refused, with what helps as buttons: somebody else closed the session meanwhile.',
  'refused-move': 'The same in a dialog.',
  history: 'The life of a session, and what a revert would change.',
  move: 'What would become of each part on another image.',
  import: 'A session from a file.',
  cleanup: 'What a cleanup would close, and why.',
  cleaned: 'Done, and how to take it back.',
  offline: 'The network is away.',
  failed: 'The service answers, and fails.',
} as const

export type State = keyof typeof STATES

/** What shows a whole team is higher than what shows little. */
export const LOOKS = [
  { look: 'dark', colorScheme: 'dark', width: 1200, low: 560, high: 1010 },
  { look: 'light', colorScheme: 'light', width: 1200, low: 560, high: 1010 },
  { look: 'phone-dark', colorScheme: 'dark', width: 390, low: 820, high: 820 },
  { look: 'phone-light', colorScheme: 'light', width: 390, low: 820, high: 820 },
] as const

export type Look = (typeof LOOKS)[number]

export function fileName(state: string, { look }: Pick<Look, 'look'>): string {
  return `${state}-${look}.png`
}

const WIDTHS: Readonly<Record<Look['look'], string>> = {
  dark: '49%',
  light: '49%',
  'phone-dark': '24%',
  'phone-light': '24%',
}

/** The page, in Markdown. */
export function picturesPage(): string {
  const sections = Object.entries(STATES).map(([state, sentence]) => {
    const images = LOOKS.map(
      (look) =>
        `<img src="${fileName(state, look)}" width="${WIDTHS[look.look]}" alt="${sentence} (${look.look})">`
    )
    return `## ${state}\n\n${sentence}\n\n${images.join('\n')}\n`
  })
  return `# The panel in pictures

Each state in both themes, on a desk and on a phone. Printed by \`npm run pictures\` with the pictures themselves; what it all
means: [the panel](../src/panel/README.md).

${sections.join('\n')}`
}
