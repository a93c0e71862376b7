/** The changes that this tab has shown, by the digest of each: what one looked at is there after another took its place. */
import { useEffect, useState } from 'preact/hooks';
import type { Asked } from '../client/live.ts';
import { readContent } from '../shown/artifact-content.ts';
import { type PatchFile, patchFiles } from './patch-files.ts';

export interface Patch {
  readonly files: readonly PatchFile[];
  /** The rest is left to `pawl diff`. */
  readonly isCut: boolean;
}

const BYTES_MAX = 24 * 1024 * 1024;
const KEPT_MAX = 6;
const kept = new Map<string, Promise<Patch>>();

/** @param digest of the diff in the artifact store: these very bytes are what a decision is bound to */
export function readPatch(digest: string): Promise<Patch> {
  const known = kept.get(digest);
  if (known !== undefined) return known;
  const asked = readContent(digest, BYTES_MAX).then(({ text, next }) => {
    const files = patchFiles(text);
    // The last file of what was cut is not whole.
    return { files: next === null ? files : files.slice(0, -1), isCut: next !== null };
  });
  kept.set(digest, asked);
  // What failed is asked for again by the next who looks.
  asked.catch(() => kept.delete(digest));
  for (const oldest of [...kept.keys()].slice(0, -KEPT_MAX)) kept.delete(oldest);
  return asked;
}

/** @param digest undefined while there is no change */
export function usePatch(digest: string | undefined): Asked<Patch> {
  const [asked, setAsked] = useState<Asked<Patch>>({ value: undefined, problem: undefined });
  useEffect(() => {
    let isCurrent = true;
    setAsked({ value: undefined, problem: undefined });
    if (digest === undefined) return;
    readPatch(digest).then(
      (value) => isCurrent && setAsked({ value, problem: undefined }),
      (problem: Error) => isCurrent && setAsked({ value: undefined, problem }),
    );
    return () => {
      isCurrent = false;
    };
  }, [digest]);
  return asked;
}
