// Where Chromium is: Debian's package, or the program that STUI_CHROMIUM names.

import { existsSync } from 'node:fs'

const PLACES = [
  process.env.STUI_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** Undefined where none is installed. */
export const CHROMIUM = PLACES.find((path) => path !== '' && existsSync(path))
