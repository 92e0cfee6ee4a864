// Dark, light, or as the machine has it. The choice is remembered here; it is no secret.

import { button } from './dialog.ts'

const THEMES = ['auto', 'dark', 'light'] as const
type Theme = (typeof THEMES)[number]

const KEY = 'stui.theme'

/** The button that goes from one theme to the next. */
export function themeButton(): HTMLButtonElement {
  let theme = remembered()
  const toggle = button('', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
    remember(theme)
    apply()
  })
  const apply = () => {
    document.documentElement.dataset.theme = theme
    toggle.textContent = `Theme: ${theme}`
  }
  apply()
  return toggle
}

function remembered(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto'
  } catch {
    return 'auto'
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // A browser that keeps nothing: it holds until the page is closed.
  }
}
