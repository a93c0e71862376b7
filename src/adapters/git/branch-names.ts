/** Which names a branch can have, and which are meant perhaps. */
const PART = /^(?!\.)(?!.*\.lock$)[^\p{Cc} ~^:?*[\\]+$/u;

/** Pure: whether git allows it as a short branch name. */
export const isBranchName = (name: string): boolean =>
  name !== '@' &&
  !name.startsWith('-') &&
  !name.endsWith('.') &&
  !name.includes('..') &&
  !name.includes('@{') &&
  name.split('/').every((part) => PART.test(part));

/** Pure: those most like the asked one, best first. Likeness is the share of letter pairs that both have. */
export function similarNames(asked: string, names: readonly string[], countMax: number): string[] {
  const pairsOf = (text: string) => {
    const padded = ` ${text.toLowerCase()} `;
    return new Set([...padded].slice(1).map((letter, index) => `${padded[index]}${letter}`));
  };
  const wanted = pairsOf(asked);
  const scored = names.map((name) => {
    const pairs = pairsOf(name);
    const shared = [...pairs].filter((pair) => wanted.has(pair)).length;
    return { name, likeness: shared / Math.max(1, wanted.size + pairs.size) };
  });
  const similar = scored.filter(({ likeness }) => likeness > 0.1).sort((a, b) => b.likeness - a.likeness);
  return similar.slice(0, countMax).map(({ name }) => name);
}
