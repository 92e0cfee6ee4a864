// The examples of export_session and import_session, sent to the Worker: what is printed is what is answered.

import { expect, it } from 'vitest'
import { findCommand } from '../../src/protocol/registry.ts'
import { newClient, run } from '../support/worker.ts'

type Members = Readonly<Record<string, unknown>>

const exampleOf = (name: string) => {
  const command = findCommand(name)
  if (command === undefined) throw new Error(`no command ${name}`)
  return command.example as { readonly parameters: Members; readonly result: Members }
}

/** Members that differ on every run, and what is made of them. */
const VARIABLE =
  /^(session_id|client_id|created_at|last_modified|expires_at|exported_at|file_name|bytes|content|sha256)$/

const steady = (members: Members): Members =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      VARIABLE.test(name) ? typeof value : value,
    ])
  )

it('export_session answers as its example does', async () => {
  const client_id = newClient()
  const told = exampleOf('export_session').result
  const { client_info } = exampleOf('create_session').parameters
  const { session_id } = await run('create_session', { client_id, client_info })
  await run('update_session_state', { session_id, state_data: { first: true } })
  const { session_state, ...others } = JSON.parse(String(told.content)).components
  await run('update_session_state', { session_id, state_data: session_state, ...others })
  const result = await run('export_session', { session_id })
  expect(steady(result)).toEqual(steady(told))
  const [document, shown] = [result, told].map(({ content }) => JSON.parse(String(content)))
  expect(steady(document)).toEqual(steady(shown))
  expect(document.sha256).toEqual(shown.sha256)
  expect(Object.keys(document)).toEqual(Object.keys(shown))
})

it('import_session answers as its example does', async () => {
  const { parameters, result } = exampleOf('import_session')
  const imported = await run('import_session', { ...parameters, client_id: newClient() })
  expect(steady(imported)).toEqual(steady(result))
  expect(imported.imported_from).toEqual(result.imported_from)
})
