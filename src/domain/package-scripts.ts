/** The scripts of a package.json are check definitions: a check `npm test` means what it meant in the base commit. */

/**
 * The text of `now` with every script that `base` defines as `base` defines it; undefined when that changes nothing.
 * A text that is no JSON object (any more) gives the base's, so that a broken file cannot hide a script.
 */
export function withScriptsOf(now: string, base: string): string | undefined {
  const before = objectFrom(base);
  const scripts = before === undefined ? undefined : objectIn(before, 'scripts');
  if (scripts === undefined) return undefined;
  const after = objectFrom(now);
  if (after === undefined) return base;
  const current = objectIn(after, 'scripts') ?? {};
  // A hook around a script (`pretest`) changes what it means as well.
  const hooks = Object.keys(scripts).flatMap((name) => [`pre${name}`, `post${name}`]);
  const merged = { ...current };
  for (const name of hooks) if (!(name in scripts)) delete merged[name];
  Object.assign(merged, scripts);
  return JSON.stringify(merged) === JSON.stringify(current)
    ? undefined
    : `${JSON.stringify({ ...after, scripts: merged }, undefined, 2)}\n`;
}

function objectFrom(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined; // not JSON: the caller decides what that means
  }
}

const objectIn = (value: Record<string, unknown>, key: string) => asObject(value[key]);

const asObject = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
