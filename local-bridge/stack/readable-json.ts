// Writes JSON for people, with every number in the spelling in which it came.

/** Indents JSON text; text that is not JSON is given back as it is. */
export function readableJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, keepNumber), null, 2)
  } catch {
    return text
  }
}

type Source = { readonly source?: string }

function keepNumber(_key: string, value: unknown, context?: Source): unknown {
  return typeof value === 'number' && context?.source !== undefined
    ? rawJson(context.source)
    : value
}

/** TypeScript's library does not know it yet. */
function rawJson(source: string): unknown {
  return 'rawJSON' in JSON && typeof JSON.rawJSON === 'function' ? JSON.rawJSON(source) : source
}
