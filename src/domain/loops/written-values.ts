/** Values as people write them, on a command line or in a field, by the types that loops declare. Pure. */
import type { Value } from './value-types.ts';

/** The value that a text is; undefined for one that is no number or boolean. @param type as it is written in the loop, and no list */
export function valueIn(text: string, type: string | undefined): Value | undefined {
  if (type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  return text;
}

/** The texts of a list in JSON, of which `[]` is the empty one; undefined for anything else, also where it only looks like one. */
export function listIn(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
