// The spellings in which messages arrive (specification section 1). A reply is spelled as its request was.

/** A request is named in snake_case or PascalCase; which one was asked is what the reply repeats. */
export type Dialect =
  /** Dialects A and B: `{id, command, …}`. */
  | { readonly spelling: 'canonical' }
  /** Dialect C: `{id, version, timestamp, payload: {type, data: {request_type, params}}}`. */
  | { readonly spelling: 'enveloped'; readonly request_type: string }
  /** Dialect D: `{request_type, params}`. */
  | { readonly spelling: 'typed'; readonly request_type: string }

export const CANONICAL: Dialect = { spelling: 'canonical' }

/** How the name of a command is said in dialects C and D. */
export function pascalCase(command: string): string {
  return command.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase())
}

/** The command that a request type names; a name in snake_case is one already. */
export function snakeCase(requestType: string): string {
  return requestType
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}
