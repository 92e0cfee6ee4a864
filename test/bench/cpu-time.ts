// The processor time that a process has used, where the system tells it.

import { readFileSync } from 'node:fs'

/** The kernel counts in ticks of this length (USER_HZ), whatever its own clock. */
const TICK_US = 10_000

/** Positions of utime and stime behind the command's name in /proc/<pid>/stat. */
const UTIME = 11
const STIME = 12

/** Microseconds of user and system time of all threads; undefined where there is no /proc. */
export function cpuMicroseconds(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[UTIME]) + Number(fields[STIME])) * TICK_US
}
