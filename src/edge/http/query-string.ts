/**
 * Values in a query string. An array repeats its key, a number or boolean is its JSON text, an object is JSON. A text that
 * does not read as what the field takes stays a text, so that the operation's own schema refuses it by the field's name.
 */
import { PawlError } from '../../domain/failures.ts';
import { NO_TEXT } from '../../domain/no-text.ts';
import { parseJson } from './json.ts';
import type { JsonSchema } from './routes.ts';

type Fields = Readonly<Record<string, JsonSchema>>;

/** @throws PawlError `invalid_input` for bytes that are no text: read as such they would be another one */
export function queryIn(url: string): URLSearchParams {
  const { search, searchParams } = new URL(url);
  const isBroken = [...searchParams].some((pair) => pair.join('').includes(NO_TEXT));
  if (isBroken && !search.toUpperCase().includes(encodeURIComponent(NO_TEXT)))
    throw new PawlError('invalid_input', 'expected a query in UTF-8, got bytes that are none');
  return searchParams;
}

/** @throws PawlError `invalid_input` for a key that is no field */
export function readQuery(query: URLSearchParams, fields: Fields): Record<string, unknown> {
  const keys = [...new Set(query.keys())];
  const unknown = keys.filter((key) => !Object.hasOwn(fields, key));
  if (unknown.length > 0) {
    const known = Object.keys(fields).join(', ') || 'none';
    throw new PawlError('invalid_input', `expected no query but ${known}, got others too: leave them out`, {
      details: unknown.map((key) => [key]),
    });
  }
  return Object.fromEntries(keys.map((key) => [key, readValues(query.getAll(key), fields[key] ?? {})]));
}

function readValues(texts: readonly string[], schema: JsonSchema): unknown {
  const { items } = schema;
  if (typesOf(schema).has('array')) {
    const one = typeof items === 'object' && !Array.isArray(items) ? items : {};
    return texts.map((text) => readValue(text, one));
  }
  // Twice the same key is no single value; the schema says so.
  return texts.length === 1 ? readValue(texts[0] ?? '', schema) : texts;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function readValue(text: string, schema: JsonSchema): unknown {
  const types = typesOf(schema);
  if (types.has('string')) return text;
  if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  return types.has('object') || types.size === 0 ? parseJson(text) : text;
}

function typesOf({ type, anyOf, oneOf, enum: values, const: only }: JsonSchema): ReadonlySet<string> {
  const named = [type ?? []].flat();
  const shown = [...(values ?? []), ...(only === undefined ? [] : [only])].map((value) => typeof value);
  const nested = [...(anyOf ?? []), ...(oneOf ?? [])].flatMap((one) =>
    typeof one === 'object' ? [...typesOf(one)] : [],
  );
  return new Set([...named, ...shown, ...nested]);
}

/** The reverse of `readQuery`, for values that the schema has accepted. */
export function writeQuery(values: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      query.append(key, typeof one === 'string' ? one : JSON.stringify(one));
    }
  }
  return query;
}
