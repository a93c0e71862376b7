/** Words of which ids are made. Apart from `ids.ts`, whose schemas the live page need not load. */

/** A readable id from a title and a random suffix (`[a-z0-9]+`): 1 to 63 lower-case letters, digits and inner hyphens. */
export function idWords(title: string, suffix: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return words === '' ? `task-${suffix}` : `${words}-${suffix}`;
}

/** The same for an execution of a loop, whose id is one word. */
export const executionWords = (loop: string, suffix: string): string =>
  `x_${loop.slice(0, 40).replace(/-+$/, '')}-${suffix}`;
