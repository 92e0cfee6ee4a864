// Figures as people read them.

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A time in its largest unit, such as "14 minutes". */
export function duration(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? ['second', 1000]
  return counted(Math.max(0, Math.floor(ms / size)), unit)
}

/** Such as "1 change" and "1,200 changes". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

const SIZES = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const

/** Bytes in their largest unit, such as "64 MiB". */
export function size(bytes: number): string {
  const [unit, size] = SIZES.find(([, size]) => bytes >= size) ?? ['bytes', 1]
  return `${(bytes / size).toLocaleString('en-US', { maximumFractionDigits: 1 })} ${unit}`
}

/** Lines of a name and what is said of it, one below the other; a name that is repeated is left out. */
export function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows
    .map(([name, text], index) => {
      const shown = name === rows[index - 1]?.[0] ? '' : name
      return `${shown.padEnd(width)}${text}\n`
    })
    .join('')
}
