/** What is the base's and what is the change's of a file that holds both, as values and as sections of a text. Pure. */
import { isSettingsSection, type OwnKeys } from './settings-keys.ts';

type Value = Readonly<Record<string, unknown>>;

/** `now` with all that is not its own as in `base`. */
export function withSettingsOf(now: Value, base: Value, keys: OwnKeys): Value {
  const names = [...new Set([...Object.keys(now), ...Object.keys(base)])];
  const had = new Set([...(keys.published ?? [])].flatMap((list) => Object.keys(objectFrom(base[list]))));
  const merged = names.map((key) => [key, partOf(key, { now: now[key], base: base[key], had }, keys)]);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

interface Part {
  readonly now: unknown;
  readonly base: unknown;
  /** Names of all dependencies that the base has. */
  readonly had: ReadonlySet<string>;
}

function partOf(key: string, { now, base, had }: Part, keys: OwnKeys): unknown {
  const deeper = keys.within?.[key];
  if (deeper !== undefined) return withSettingsOf(objectFrom(now), objectFrom(base), deeper);
  if (keys.additive.has(key)) return withAdded(objectFrom(now), objectFrom(base), keys.runsByItself);
  if (!keys.own.has(key)) return base;
  return keys.published?.has(key) && now !== undefined
    ? withPublished(key, objectFrom(now), objectFrom(base), had)
    : now;
}

/** A folder or file of the repository, or what is patched with one. */
const LOCAL = /^(?:file|link|portal|patch):|^[./~]/;

/** `"vitest": "file:./fake"`: what tests run with is the base's, as long as it is not a published version of the same. */
function withPublished(list: string, now: Value, base: Value, had: ReadonlySet<string>): Value {
  const isOverride = /^(?:overrides|resolutions)$/.test(list);
  const entries = Object.entries(now).flatMap(([name, from]) => {
    const isOwn = typeof from !== 'string' || !LOCAL.test(from) || from === base[name];
    if (isOwn || !(isOverride || had.has(name))) return [[name, from]];
    return base[name] === undefined ? [] : [[name, base[name]]];
  });
  return Object.fromEntries(entries);
}

/** Further ones stay, but for what runs by itself, or around one of the base's: `pretest` changes what `test` means. */
function withAdded(now: Value, base: Value, runsByItself: RegExp = /^$/): Value | undefined {
  const merged = Object.fromEntries(Object.entries(now).filter(([name]) => !runsByItself.test(name)));
  for (const name of Object.keys(base)) {
    for (const hook of [`pre${name}`, `post${name}`]) delete merged[hook];
  }
  Object.assign(merged, base);
  return Object.keys(merged).length === 0 ? undefined : merged;
}

export const objectFrom = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** Of a text that is none of JSON nothing counts. */
export function jsonObject(text: string): Record<string, unknown> {
  try {
    return objectFrom(JSON.parse(text));
  } catch {
    return {}; // whoever reads it will say so
  }
}

/** The same of a file with sections under `[names]`. */
export function withSectionsOf(now: string, base: string): string {
  const own = sectionsIn(now).filter(({ name }) => !isSettingsSection(name));
  const settings = sectionsIn(base).filter(({ name }) => isSettingsSection(name));
  return [...own, ...settings].map(({ text }) => text).join('\n');
}

function sectionsIn(text: string): { name: string; text: string }[] {
  return text.split(/^(?=\[[^\]\n]+\])/m).flatMap((part) => {
    const name = /^\[([^\]\n]+)\]/.exec(part)?.[1]?.trim();
    return name === undefined ? [] : [{ name, text: part }];
  });
}
