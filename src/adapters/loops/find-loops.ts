/**
 * Every loop that can be named in one place: of the base commit of a repository, of the home, and those that Pawl brings. A
 * file that is wrong is found too, with its faults, and still hides what it stands before: no other loop runs in its place.
 */
import { basename, extname, join } from 'node:path';
import { guideNamesOf } from '../../domain/loops/fanned-names.ts';
import { type FoundLoop, type LoopFault, loopDigest, nearestOf } from '../../domain/loops/found-loop.ts';
import { GUIDE_FILE, type PinnedGuide } from '../../domain/loops/guide.ts';
import { placeFaults } from '../../domain/loops/place-faults.ts';
import type { RepositoryConfig } from '../../domain/repository-config.ts';
import { readGuide, sha256Of } from './guide-text.ts';
import { readKnownLoop } from './known-loops.ts';
import { type FolderFile, hostFolder, type LoopFolder, repositoryFolder } from './loop-folders.ts';
import type { ReadLoop } from './loop-text.ts';

/** A commit of a repository, and what its `pawl.yaml` says. */
export interface LoopBase {
  readonly repository: string;
  readonly commit: string;
  readonly configuration: Pick<RepositoryConfig, 'checks' | 'agents'>;
}

export interface LoopPlaces {
  readonly loops: string;
  readonly skills: string;
}

/** What is read of one place. @param base without one only the home's and the built-in loops are there */
export function createLoops(home: LoopPlaces, base: LoopBase | undefined) {
  const folders = [
    ...(base === undefined ? [] : [repositoryFolder(base.repository, base.commit)]),
    hostFolder({ source: 'home', ...home }),
    hostFolder({ source: 'built-in', ...BUILT_IN, called: (name) => `built-in/${name}` }),
  ];
  return {
    /** By id, each with what it hides. */
    async all(): Promise<readonly FoundLoop[]> {
      const found = await Promise.all(folders.map((folder) => loopsIn(folder, folders, base)));
      return nearestOf(found.flat());
    },
    /** The SKILL.md of a guide, as it stands now; undefined where there is none. */
    async guideText(name: string): Promise<Uint8Array | undefined> {
      for (const folder of folders) {
        const found = await folder.guide(name);
        if (found !== undefined) return 'problem' in found.files ? undefined : found.files.get(GUIDE_FILE);
      }
      return undefined;
    },
    /** A text that is in no source yet, in the place in which it would be. */
    check: (file: string, text: string) => readIn({ file, content: Buffer.from(text) }, folders, base),
  };
}

export const BUILT_IN: LoopPlaces = {
  loops: join(import.meta.dirname, 'built-in'),
  skills: join(import.meta.dirname, 'built-in', 'skills'),
};

async function loopsIn(
  folder: LoopFolder,
  folders: readonly LoopFolder[],
  base: LoopBase | undefined,
): Promise<readonly Omit<FoundLoop, 'shadows'>[]> {
  const { source } = folder;
  const files = await folder.loops();
  const all = await Promise.all(
    files.map(async (one) => ({ source, file: one.file, ...(await readIn(one, folders, base)) })),
  );
  return all.map((one, index): Omit<FoundLoop, 'shadows'> => {
    const { file, id } = one;
    const first = all.findIndex((other) => other.id === id);
    if (first === index) return one;
    // Which of two is meant nobody can say, so the second is told, under its file's name.
    const message = `expected another loop: ${all[first]?.file} is ${id} already`;
    return {
      source,
      file,
      id: stemOf(file),
      read: { ok: false, faults: [{ file, line: 1, path: 'loop', message }] },
    };
  });
}

const stemOf = (file: string): string => basename(file, extname(file));

async function readIn(
  { file, content }: FolderFile,
  folders: readonly LoopFolder[],
  base: LoopBase | undefined,
): Promise<Pick<FoundLoop, 'id' | 'read'>> {
  if ('problem' in content) {
    const faults = [{ file, line: 1, path: '', message: content.problem }];
    return { id: stemOf(file), read: { ok: false, faults } };
  }
  const read = readKnownLoop(file, content);
  if (!read.ok) return { id: read.id ?? stemOf(file), read: { ok: false, faults: read.faults } };
  const { loop, faultAt } = read;
  const { guides, faults } = await guidesOf(read, folders);
  const elsewhere = base === undefined ? [] : placeFaults(loop, base.configuration);
  const wrong = [...faults, ...elsewhere.map(faultAt)];
  if (wrong.length > 0) return { id: loop.loop, read: { ok: false, faults: wrong } };
  return { id: loop.loop, read: { ok: true, loop, guides, digest: loopDigest(sha256Of(content), guides) } };
}

async function guidesOf(
  { loop, faultAt }: ReadLoop & { ok: true },
  folders: readonly LoopFolder[],
): Promise<{ readonly guides: readonly PinnedGuide[]; readonly faults: readonly LoopFault[] }> {
  const guides = new Map<string, PinnedGuide>();
  const faults: LoopFault[] = [];
  for (const [place, { skills }] of loop.phases.entries())
    for (const [index, skill] of skills.entries())
      for (const name of guideNamesOf(skill)) {
        if (guides.has(name)) continue;
        const read = await guideIn(name, folders);
        if (read === undefined) {
          const path = ['phases', place, 'skills', index, 'guides'];
          faults.push(faultAt({ path, message: `there is no guide ${name}: ${WHERE}` }));
        } else if (read.ok) guides.set(name, read.guide);
        else faults.push(...read.faults);
      }
  return { guides: [...guides.values()], faults };
}

const WHERE =
  'expected a folder of that name with a SKILL.md in .pawl/skills, .agents/skills or .claude/skills of the base commit, or in skills of the home';

async function guideIn(name: string, folders: readonly LoopFolder[]) {
  for (const folder of folders) {
    const found = await folder.guide(name);
    if (found !== undefined) return readGuide(name, found);
  }
  return undefined;
}
