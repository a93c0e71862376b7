/**
 * Every loop that can be named in one place: of the base commit of a repository, of the home, and those that Pawl brings. A
 * file that is wrong is found too, with its faults, and still hides what it stands before: no other loop runs in its place.
 */
import { basename, extname, join } from 'node:path';
import { guideNamesOf } from '../../domain/loops/fanned-names.ts';
import {
  type FoundLoop,
  inLineOrder,
  LOOP_SOURCES,
  type LoopFault,
  type LoopPlace,
  type LoopSource,
  loopDigest,
  nearestOf,
} from '../../domain/loops/found-loop.ts';
import { GUIDE_FILE, type PinnedGuide } from '../../domain/loops/guide.ts';
import { placeFaults } from '../../domain/loops/place-faults.ts';
import type { RepositoryConfig } from '../../domain/repository-config.ts';
import { composeLoops, type LoopCandidate } from './compose-loops.ts';
import { readGuide, sha256Of } from './guide-text.ts';
import { readKnownLoop } from './known-loops.ts';
import {
  type FolderFile,
  hostFolder,
  type LoopFolder,
  repositoryFolder,
  treeFolder,
} from './loop-folders.ts';
import type { Later, LoopText } from './loop-text.ts';

/** A commit of a repository, and what its `pawl.yaml` says. */
export interface LoopBase {
  readonly repository: string;
  /** Without one the working tree, as it stands. */
  readonly commit?: string;
  readonly configuration: Pick<RepositoryConfig, 'checks' | 'agents'>;
}

export interface LoopPlaces {
  readonly loops: string;
  readonly skills: string;
}

/** What is read of one place. @param base without one only the home's and the built-in loops are there */
export function createLoops(home: LoopPlaces, base: LoopBase | undefined) {
  const folders = [
    ...(base === undefined ? [] : [folderOf(base)]),
    hostFolder({ source: 'home', ...home }),
    hostFolder({ source: 'built-in', ...BUILT_IN, called: (name) => `built-in/${name}` }),
  ];
  return {
    /** By id, each with what it hides. */
    async all(): Promise<readonly FoundLoop[]> {
      const candidates = await candidatesIn(folders);
      const compose = composeLoops(candidates);
      const found = await Promise.all(
        candidates.map(async (one) => ({
          ...placeOf(one),
          id: one.id,
          read: await readIn(one, compose, folders, base),
        })),
      );
      return nearestOf(found.map((one, index) => onlyOfItsName(one, found.slice(0, index))));
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
    async check(file: string, text: string): Promise<Pick<FoundLoop, 'id' | 'read'>> {
      const one = candidateOf(LOOP_SOURCES[0], { file, content: Buffer.from(text) });
      const others = one.text.includes.length === 0 ? [] : await candidatesIn(folders);
      const read = await readIn(one, composeLoops([one, ...others]), folders, base);
      return { id: one.id, read };
    },
  };
}

const folderOf = ({ repository, commit }: LoopBase): LoopFolder =>
  commit === undefined ? treeFolder(repository) : repositoryFolder(repository, commit);

export const BUILT_IN: LoopPlaces = {
  loops: join(import.meta.dirname, 'built-in'),
  skills: join(import.meta.dirname, 'built-in', 'skills'),
};

const placeOf = ({ source, file }: LoopPlace): LoopPlace => ({ source, file });

async function candidatesIn(folders: readonly LoopFolder[]): Promise<readonly LoopCandidate[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const files = await folder.loops();
      return files.map((file) => candidateOf(folder.source, file));
    }),
  );
  return found.flat();
}

function candidateOf(source: LoopSource, { file, content }: FolderFile): LoopCandidate {
  const isThere = !('problem' in content);
  const text = isThere ? readKnownLoop(file, content) : unreadable(file, content.problem);
  return { source, file, id: text.id ?? stemOf(file), text, content: isThere ? content : new Uint8Array() };
}

const unreadable = (file: string, message: string): LoopText => ({
  includes: [],
  read: () => ({ ok: false, faults: [{ file, line: 1, path: '', message }] }),
});

const stemOf = (file: string): string => basename(file, extname(file));

type Found = Omit<FoundLoop, 'shadows'>;

/** Which of two of one source is meant nobody can say, so the second is told, under its file's name. */
function onlyOfItsName(one: Found, before: readonly Found[]): Found {
  const first = before.find(({ source, id }) => source === one.source && id === one.id);
  if (first === undefined) return one;
  const { file, id } = one;
  const message = `expected another loop: ${first.file} is ${id} already`;
  return {
    ...one,
    id: stemOf(file),
    read: { ok: false, faults: [{ file, line: 1, path: 'loop', message }] },
  };
}

async function readIn(
  one: LoopCandidate,
  compose: ReturnType<typeof composeLoops>,
  folders: readonly LoopFolder[],
  base: LoopBase | undefined,
): Promise<FoundLoop['read']> {
  const { read, included } = compose(one);
  const { later } = read;
  if (later === undefined) return { ok: false, faults: read.ok ? [] : read.faults };
  const { guides, faults } = await guidesOf(later, folders);
  const elsewhere = base === undefined ? [] : placeFaults(later.known, base.configuration);
  const wrong = [...faults, ...elsewhere.map(later.faultAt)];
  if (!read.ok) return { ok: false, faults: inLineOrder([...read.faults, ...wrong]) };
  if (wrong.length > 0) return { ok: false, faults: wrong };
  const { loop } = read;
  const digests = included.map(({ source, id, content }) => [`${source}/${id}`, sha256Of(content)] as const);
  const digest = loopDigest(sha256Of(one.content), guides, Object.fromEntries(digests));
  return { ok: true, loop, guides, includes: included.map(placeOf), digest };
}

async function guidesOf(
  { known, faultAt }: Later,
  folders: readonly LoopFolder[],
): Promise<{ readonly guides: readonly PinnedGuide[]; readonly faults: readonly LoopFault[] }> {
  const guides = new Map<string, PinnedGuide>();
  const faults: LoopFault[] = [];
  const named = known.phases.flatMap(({ skills }, place) =>
    skills.flatMap((skill, index) => {
      const path = ['phases', place, 'skills', index, 'guides'];
      return skill === undefined ? [] : guideNamesOf(skill).map((name) => ({ name, path }));
    }),
  );
  for (const { name, path } of named) {
    if (guides.has(name)) continue;
    const read = await guideIn(name, folders);
    if (read === undefined) faults.push(faultAt({ path, message: `there is no guide ${name}: ${WHERE}` }));
    else if (read.ok) guides.set(name, read.guide);
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
