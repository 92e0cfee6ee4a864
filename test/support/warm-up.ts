// Makes a Worker that has just been started load what it runs: its first answers take it longer than a bridge that is as
// impatient as at a desk would wait on a busy machine. Leaves nothing behind.

const MESSAGES = [
  { command: 'restore_session', client_id: 'warm-up', latest: true },
  { command: 'get_bridge_status' },
]

/** @example await warmUp(worker.url) */
export async function warmUp(url: string): Promise<void> {
  for (const message of MESSAGES) {
    const response = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify(message),
    })
    await response.arrayBuffer()
  }
}
