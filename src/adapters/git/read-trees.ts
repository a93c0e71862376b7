/** Trees of git's, folder by folder. */
import { GITLINK } from './raw-changes.ts';
import { contentsOf } from './read-objects.ts';
import type { GitPlace } from './run-git.ts';

/** What a folder has under a name. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly oid: string;
}

/** By name, as latin1. */
export type Tree = ReadonlyMap<string, TreeEntry>;

const FOLDER = '40000';
const OID_BYTES = 20;

/** @param names objects that are folders, or stand for one (`<commit>^{tree}`) @throws as `git` does for what is not there */
export async function readTrees(place: GitPlace, names: readonly string[]): Promise<readonly Tree[]> {
  return (await contentsOf(place, 'tree', names)).map(parseTree);
}

/** `<mode> <name>`, a NUL and the bytes of the object's id; and again. Pure. */
function parseTree(content: Buffer): Tree {
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(0, at);
    const [mode = '', ...name] = content.toString('latin1', at, end).split(' ');
    at = end + 1 + OID_BYTES;
    const oid = content.toString('hex', at - OID_BYTES, at);
    entries.set(name.join(' '), { mode, type: typeOf(mode), oid });
  }
  return entries;
}

const typeOf = (mode: string): TreeEntry['type'] =>
  mode === FOLDER ? 'tree' : mode === GITLINK ? 'commit' : 'blob';
