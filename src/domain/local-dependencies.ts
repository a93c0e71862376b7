/**
 * Dependencies of a `package.json` that a change takes from elsewhere than the base did: a folder, an address, a package of
 * another name. What tests run with may be among them (`"vitest": "file:./fake"`), and set-up installs it for both passes. Pure.
 */
import type { Remark } from './remarks.ts';
import { jsonObject, objectFrom } from './settings-parts.ts';

const LISTS = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides', 'resolutions'];
/** Neither a range of versions nor a word for one: `file:`, `link:`, `npm:other@1`, `git+ssh://…`, `owner/name`, `../x`. */
const ELSEWHERE = /^(?!workspace:|catalog:)[a-z+]+:|^[./~]|^[\w.-]+\/[\w.-]+/i;

export function takenElsewhere(path: string, now: string, base: string | undefined): Remark[] {
  const before = dependenciesIn(base ?? '{}');
  return Object.entries(dependenciesIn(now)).flatMap(([name, from]) =>
    ELSEWHERE.test(from) && before[name] !== from
      ? [{ path, why: `takes ${name} from ${from}, which is no published version of it` }]
      : [],
  );
}

function dependenciesIn(text: string): Record<string, string> {
  const file = jsonObject(text);
  const lists = [...LISTS.map((list) => file[list]), objectFrom(file.pnpm).overrides];
  const all = lists.flatMap((list) => Object.entries(objectFrom(list)));
  return Object.fromEntries(all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Whether a new package has the name of what the base depends on: a workspace of that name is installed in its place. */
export const isNamedAsDependency = (added: string, base: readonly string[]): boolean => {
  const { name } = jsonObject(added);
  return typeof name === 'string' && base.some((text) => name in dependenciesIn(text));
};
