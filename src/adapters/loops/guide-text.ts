/** A guide from its folder: its SKILL.md is what the open standard says, and what its files are is pinned. */
import { createHash } from 'node:crypto';
import { LIMITS } from '../../domain/limits.ts';
import type { LoopFault } from '../../domain/loops/found-loop.ts';
import { GUIDE_FILE, headFaults, type PinnedGuide } from '../../domain/loops/guide.ts';
import { pathText, readYaml } from '../files/yaml-text.ts';
import type { GuideFolder } from './loop-folders.ts';

export type ReadGuide =
  | { readonly ok: true; readonly guide: PinnedGuide }
  | { readonly ok: false; readonly faults: readonly LoopFault[] };

export function readGuide(name: string, { folder, files }: GuideFolder): ReadGuide {
  const file = `${folder}/${GUIDE_FILE}`;
  const refused = (message: string): ReadGuide => ({
    ok: false,
    faults: [{ file, line: 1, path: '', message }],
  });
  if ('problem' in files) return refused(files.problem);
  const text = files.get(GUIDE_FILE);
  if (text === undefined) return refused(`expected a file ${GUIDE_FILE} in the folder ${folder}`);
  const head = /^\uFEFF?---\r?\n([\s\S]*?\r?\n)---[ \t]*(?:\r?\n|$)/.exec(
    new TextDecoder().decode(text),
  )?.[1];
  if (head === undefined)
    return refused('expected YAML between two lines of --- at its beginning: name and description');
  const yaml = readYaml(head, LIMITS.loopCharsMax);
  // The first line is the ---.
  const at = (line: number, path: string, message: string): LoopFault => ({
    file,
    line: line + 1,
    path,
    message,
  });
  if (!yaml.ok)
    return { ok: false, faults: yaml.problems.map(({ line, path, message }) => at(line, path, message)) };
  const faults = headFaults(yaml.value ?? {}, name).map(({ path, message }) =>
    at(yaml.lineOf(path), pathText(path), message),
  );
  if (faults.length > 0) return { ok: false, faults };
  const digests = [...files].map(([path, content]) => [path, sha256Of(content)] as const);
  return { ok: true, guide: { name, folder, files: Object.fromEntries(digests.toSorted()) } };
}

export const sha256Of = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;
