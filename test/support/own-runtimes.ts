// The runtimes of the Worker that this process has started itself.

import { execFileSync } from 'node:child_process'

export function signalRuntimes(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
  for (const line of processes.split('\n')) {
    const [pid, parent, program = ''] = line.trim().split(/\s+/)
    if (Number(parent) === process.pid && program.endsWith('workerd')) {
      process.kill(Number(pid), signal)
    }
  }
}
