/** What there is to see of a commit and its project for guarantees that no program answers; only what one of them is about. */
import type { ContentFact, GuaranteeFacts, TooSlow } from '../domain/executions/guarantee-facts.ts';
import { headingsIn } from '../domain/executions/markdown-headings.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Guarantee } from '../domain/loops/guarantees.ts';
import type { ActivityDeps } from './deps.ts';
import type { LookedAt } from './look-runs.ts';

type FactDeps = Pick<ActivityDeps, 'projects' | 'matcher'>;
type Content = Guarantee & { readonly kind: 'content' };
type Matched = ReadonlyMap<string, readonly string[] | TooSlow>;

export async function gatherFacts(
  { projects, matcher }: FactDeps,
  { owner, commit, input }: LookedAt,
): Promise<Omit<GuaranteeFacts, 'runs'>> {
  const { baseCommit, guarantees, deliverables } = input;
  const matchedIn = async (globs: readonly string[], paths: () => Promise<readonly string[]>) => {
    const found = new Map<string, readonly string[] | TooSlow>();
    const all = globs.length === 0 ? [] : await paths();
    for (const glob of new Set(globs)) found.set(glob, await matcher.paths(glob, all));
    return found;
  };
  const globs = guarantees.flatMap((one) => globOf(one) ?? []);
  const matched = await matchedIn(globs, () => projects.plainFiles(owner, commit));
  const reportable = guarantees.flatMap((one) => (isArtifact(one) ? (globOf(one) ?? []) : []));
  const reported = await matchedIn(reportable, () => projects.filesThere(owner, deliverables));
  const changed = globs.length === 0 ? [] : (await projects.changes(owner, baseCommit, commit)).files;
  const contents = new Map<string, readonly ContentFact[]>();
  for (const one of guarantees)
    if (one.kind === 'content')
      contents.set(one.id, await contentsOf({ projects, matcher }, { owner, commit }, one, matched));
  const isAboutGit = guarantees.some(({ kind }) => kind === 'git');
  return {
    ...{ baseCommit, matched, reported, contents },
    changes: new Map(changed.map(({ path, status }) => [path, status])),
    ...(isAboutGit && { git: await projects.gitFacts(owner, commit) }),
  };
}

const isArtifact = (one: Guarantee): boolean => one.kind === 'proof' && one.proof === 'artifact_generated';

function globOf(one: Guarantee): string | undefined {
  if (one.kind === 'deliverable' || one.kind === 'content') return one.glob;
  return one.kind === 'proof' ? one.path : undefined;
}

async function contentsOf(
  { projects, matcher }: FactDeps,
  { owner, commit }: Pick<LookedAt, 'owner' | 'commit'>,
  { glob, pattern }: Content,
  matched: Matched,
): Promise<readonly ContentFact[]> {
  const paths = matched.get(glob);
  // What is wrong then is said without reading one of them.
  if (!Array.isArray(paths) || paths.length > LIMITS.contentFilesMax) return [];
  const texts = await projects.wholeTexts(owner, commit, paths);
  const read = [...texts].flatMap(([path, text]) => (text === undefined ? [] : [{ path, text }]));
  const matches =
    pattern === undefined
      ? []
      : await matcher.texts(
          pattern,
          read.map(({ text }) => text),
        );
  return [
    ...read.map(({ path, text }, at): ContentFact => {
      const matching = matches[at];
      return {
        ...{ path, lines: linesIn(text), headings: headingsIn(text) },
        ...(matching !== undefined && { matches: matching }),
      };
    }),
    ...paths
      .filter((path) => texts.get(path) === undefined)
      .map((path): ContentFact => ({ path, unread: TOO_LARGE })),
  ];
}

const TOO_LARGE = `expected at most ${LIMITS.contentFileBytesMax} bytes, and ${LIMITS.contentBytesMax} of all files together, found more`;

/** The end of a line ends no further one. */
const linesIn = (text: string): number =>
  text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
