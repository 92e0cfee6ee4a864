import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const CLOSE_WATCHED = new URL('../../local-bridge/close-watched.ts', import.meta.url).href

/**
 * Closes a watched socket and collects memory before anything else happens: what is collected behind a callback of the
 * system is ended before the socket can tell anything.
 */
const PROGRAM = `
import { stat } from 'node:fs'
import { Context, Router } from 'zeromq'
import { closeWatched } from '${CLOSE_WATCHED}'
let socket = new Router({ context: new Context({ blocky: false }) })
socket.events.on('end', () => console.log('told'))
await socket.bind('tcp://127.0.0.1:*')
stat('/', () => {
  closeWatched(socket)
  socket = undefined
  gc()
})
`

describe('a socket that is closed', () => {
  it('tells those who watch it, and lets the program end, even if memory is collected at once', async () => {
    const args = ['--expose-gc', '--input-type=module', '--eval', PROGRAM]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    expect(stdout).toBe('told\n')
  })
})
