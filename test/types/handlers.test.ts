// Claims about types, held by the compiler: each line here fails to compile when its claim is false.

import { describe, expectTypeOf, it } from 'vitest'
import { succeed } from '../../src/outcome.ts'
import type { ParametersOf, ResultOf } from '../../src/protocol/command.ts'
import type { Component } from '../../src/protocol/components.ts'
import type { Reason } from '../../src/protocol/failures.ts'
import { fail } from '../../src/protocol/failures.ts'
import { type JsonText, toJsonText } from '../../src/protocol/json-text.ts'
import type { CommandName, CommandNamed, NamesIn } from '../../src/protocol/registry.ts'
import type { Handler, Handlers } from '../../src/session/context.ts'
import type { TeamHandlers } from '../../src/team/context.ts'

type Restored = ResultOf<CommandNamed<'restore_session'>>
type Updated = ResultOf<CommandNamed<'update_session_state'>>
type Update = ParametersOf<CommandNamed<'update_session_state'>>

describe('the registry', () => {
  it('gives every command to exactly one scope', () => {
    expectTypeOf<
      | NamesIn<'client'>
      | NamesIn<'team'>
      | NamesIn<'client_or_team'>
      | NamesIn<'client_or_each'>
      | NamesIn<'service'>
    >().toEqualTypeOf<CommandName>()
    expectTypeOf<NamesIn<'client'> & NamesIn<'team'>>().toBeNever()
    expectTypeOf<NamesIn<'team'>>().toEqualTypeOf<
      | 'get_session_statistics'
      | 'get_image_connection_status'
      | 'report_image_status'
      | 'report_bridge_status'
      | 'get_bridge_status'
    >()
    expectTypeOf<NamesIn<'client_or_team'>>().toEqualTypeOf<
      'list_image_sessions' | 'get_image_session_stats'
    >()
    expectTypeOf<NamesIn<'client_or_each'>>().toEqualTypeOf<'cleanup_image_sessions'>()
    expectTypeOf<NamesIn<'service'>>().toEqualTypeOf<
      'describe' | 'ping' | 'validate_feature_access'
    >()
  })

  it('demands a handler for every command of a scope', () => {
    expectTypeOf<keyof Handlers>().toEqualTypeOf<
      NamesIn<'client' | 'client_or_team' | 'client_or_each'>
    >()
    expectTypeOf<keyof TeamHandlers>().toEqualTypeOf<NamesIn<'team' | 'client_or_team'>>()
    // @ts-expect-error a handler is missing
    const incomplete: Handlers = {}
    void incomplete
  })

  it('knows failures by their reasons alone', () => {
    expectTypeOf<'session_not_found'>().toExtend<Reason>()
    // @ts-expect-error no such reason
    fail({ reason: 'session_lost' })
    // @ts-expect-error a fact is missing
    fail({ reason: 'missing_parameter' })
  })
})

describe('opaque state', () => {
  it('is JSON text in every result that shows it', () => {
    expectTypeOf<Restored[Component]>().toEqualTypeOf<JsonText>()
    expectTypeOf<Updated['session_state']>().toEqualTypeOf<JsonText>()
    expectTypeOf<Restored['revision']>().toEqualTypeOf<number>()
    expectTypeOf<Restored['image_metadata']>().toEqualTypeOf<Record<string, string>>()
  })

  it('is JSON text in every parameter that brings it', () => {
    expectTypeOf<Update['state_data']>().toEqualTypeOf<JsonText | undefined>()
    expectTypeOf<Update['evaluation_history']>().toEqualTypeOf<JsonText | undefined>()
  })

  it('is not any string, nor an object', () => {
    expectTypeOf<string>().not.toExtend<JsonText>()
    expectTypeOf<object>().not.toExtend<JsonText>()
    expectTypeOf(toJsonText({})).toEqualTypeOf<JsonText>()
  })

  it('cannot be answered as an object', () => {
    const answered = (result: Restored): ReturnType<Handler<'restore_session'>> => succeed(result)
    const wrong = (result: Restored): ReturnType<Handler<'restore_session'>> =>
      // @ts-expect-error the state is not JSON text
      succeed({ ...result, session_state: { a: 1 } })
    void answered
    void wrong
  })
})
