/** What `--raw -z` of `diff-tree` and `diff-index` says of each path. Pure. */

/** A path before or after. */
export interface Version {
  /** `000000` where there is none. */
  readonly mode: string;
  readonly oid: string;
}
export interface RawChange {
  readonly path: string;
  /** One letter: `A`dded, `D`eleted, or another for what is there before and after. */
  readonly letter: string;
  readonly before: Version;
  readonly after: Version;
}

/** Of symbolic links, and of submodules. */
export const LINK = '120000';
export const GITLINK = '160000';

/** @param fields split at NUL: `:<mode> <mode> <id> <id> <letter>` and the path, and so on; what follows is not looked at */
export function rawChanges(fields: readonly string[]): RawChange[] {
  const found: RawChange[] = [];
  for (let at = 0; fields[at]?.startsWith(':'); at += 2) {
    const [was = '', is = '', from = '', to = '', letter = ''] = fields[at]?.slice(1).split(' ') ?? [];
    const [before, after] = [
      { mode: was, oid: from },
      { mode: is, oid: to },
    ];
    found.push({ path: fields[at + 1] ?? '', letter: letter.slice(0, 1), before, after });
  }
  return found;
}
