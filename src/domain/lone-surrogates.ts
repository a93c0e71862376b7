/**
 * Half a character in a text, as JSON can write it (`\ud800`) and UTF-8 cannot: in a path, an address, a digest or a search
 * attribute it becomes another text, or an error deep inside, so no input may have one. Pure.
 */

/** A value that is plain data with U+FFFD in the place of each: for what an agent says, which nobody could be asked to say again. */
export function wellFormed<T>(value: T): T;
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map((one) => wellFormed(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)]));
}

interface Part {
  readonly value: unknown;
  readonly key: string;
  readonly within: Part | undefined;
}

/** The path to a text with one, or to what a key with one holds; undefined where there is none. Takes values of any depth. */
export function pathToLoneSurrogate(whole: unknown): readonly string[] | undefined {
  const parts: Part[] = [{ value: whole, key: '', within: undefined }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { value, key } = part;
    if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) return pathTo(part);
    if (typeof value !== 'object' || value === null) continue;
    for (const [inner, held] of Object.entries(value)) parts.push({ value: held, key: inner, within: part });
  }
  return undefined;
}

function pathTo(part: Part): readonly string[] {
  const path: string[] = [];
  for (let at = part; at.within !== undefined; at = at.within) path.unshift(at.key);
  return path;
}
