/** Whether a guarantee holds, by what the engine has seen. Each error says what was expected and what was found. Pure. */
import { clip, LIMITS } from '../limits.ts';
import { guaranteeText } from '../loops/guarantee-text.ts';
import type { Guarantee } from '../loops/guarantees.ts';
import type { ContentFact, GuaranteeFacts, TooSlow } from './guarantee-facts.ts';
import { TOO_SLOW } from './guarantee-facts.ts';
import { gitProblem } from './judge-git-state.ts';
import { problemsWithMeasure, problemsWithRun } from './judge-run.ts';
import { missingSections } from './markdown-headings.ts';

type Of<K extends Guarantee['kind']> = Guarantee & { readonly kind: K };

/** @returns none where it holds; bounded, because they stay in history */
export function problemsWith(guarantee: Guarantee, facts: GuaranteeFacts): readonly string[] {
  const problems = problemsOf(guarantee, facts);
  const shown = problems.slice(0, LIMITS.guaranteeErrorsMax);
  const more = problems.length - shown.length;
  return [
    ...shown.map((one) => clip(one, LIMITS.guaranteeErrorCharsMax)),
    ...(more === 0 ? [] : [`and ${more} more`]),
  ];
}

function problemsOf(guarantee: Guarantee, facts: GuaranteeFacts): readonly string[] {
  switch (guarantee.kind) {
    case 'deliverable':
      return problemsWithDeliverable(guarantee, facts);
    case 'content':
      return problemsWithContent(guarantee, facts);
    case 'quality':
      return problemsWithMeasure(guarantee, facts.runs.get(guarantee.id));
    case 'proof':
      return problemsWithProof(guarantee, facts);
    case 'git':
      return asList(facts.git === undefined ? NOT_LOOKED : gitProblem(guarantee.state, facts.git));
    default:
      return guarantee satisfies never;
  }
}

const NOT_LOOKED = 'was not looked at';
const asList = (problem: string | undefined): readonly string[] => (problem === undefined ? [] : [problem]);

function problemsWithDeliverable(guarantee: Of<'deliverable'>, facts: GuaranteeFacts): readonly string[] {
  const { glob, changed, atLeast, atMost = Number.POSITIVE_INFINITY } = guarantee;
  const all = facts.matched.get(glob) ?? [];
  if (all === TOO_SLOW) return [slowGlob(glob)];
  const found = changed ? all.filter((path) => facts.changes.has(path)) : all;
  if (found.length >= atLeast && found.length <= atMost) return [];
  const besides = changed && all.length > 0 ? ` (${all.length} there are as in ${short(facts)})` : '';
  return [
    `expected ${guaranteeText(guarantee)}, found ${filesText(found)}${found.length === 0 ? besides : ''}`,
  ];
}

function problemsWithContent(guarantee: Of<'content'>, facts: GuaranteeFacts): readonly string[] {
  const { glob, id } = guarantee;
  const matched = facts.matched.get(glob) ?? [];
  if (matched === TOO_SLOW) return [slowGlob(glob)];
  if (matched.length === 0) return [`expected a file ${glob}, found none`];
  if (matched.length > LIMITS.contentFilesMax)
    return [
      `expected at most ${LIMITS.contentFilesMax} files in ${glob}, of which each is read, found ${matched.length}`,
    ];
  const files = facts.contents.get(id) ?? [];
  const unread = matched.filter((path) => !files.some((file) => file.path === path));
  return [
    ...files.flatMap((file) => problemsInFile(guarantee, file).map((problem) => `${file.path}: ${problem}`)),
    ...unread.map((path) => `${path}: ${NOT_LOOKED}`),
  ];
}

function problemsInFile(
  { pattern, sections = [], lines = {} }: Of<'content'>,
  file: ContentFact,
): readonly string[] {
  if ('unread' in file) return [file.unread];
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = lines;
  const missing = missingSections(file.headings, sections);
  const [few, many] = [file.lines < atLeast, file.lines > atMost];
  return [
    ...asList(pattern === undefined ? undefined : problemWithMatch(pattern, file.matches)),
    ...asList(missing.length === 0 ? undefined : sectionsText(missing, file.headings)),
    ...asList(few ? `expected at least ${atLeast} lines, found ${file.lines}` : undefined),
    ...asList(many ? `expected at most ${atMost} lines, found ${file.lines}` : undefined),
  ];
}

function problemWithMatch(pattern: string, matches: boolean | TooSlow | undefined): string | undefined {
  if (matches === true) return undefined;
  const shown = `/${clip(pattern, 100)}/`;
  return matches === TOO_SLOW
    ? `expected a match of ${shown}, found that looking for one takes too long: write a simpler pattern`
    : `expected a match of ${shown}, found none`;
}

function sectionsText(missing: readonly string[], headings: readonly string[]): string {
  const found = headings.length === 0 ? 'no heading' : `the headings ${listText(headings)}`;
  return `expected the sections ${listText(missing)}, found ${found}`;
}

function problemsWithProof(guarantee: Of<'proof'>, facts: GuaranteeFacts): readonly string[] {
  const { proof, id, path = '' } = guarantee;
  switch (proof) {
    case 'file_created':
    case 'file_modified':
      return asList(problemWithChange(proof, path, facts));
    case 'artifact_generated':
      return asList(problemWithArtifact(path, facts));
    case 'command_executed':
    case 'test_passed':
      return problemsWithRun(guarantee, facts.runs.get(id));
    case 'human_verified':
      return [`expected the word of a person: somebody who may approve resolves ${id}`];
    default:
      return proof satisfies never;
  }
}

const CHANGES = {
  file_created: { status: 'added', text: 'a new file', other: 'modified', instead: 'changed, and not new' },
  file_modified: { status: 'modified', text: 'a changed file', other: 'added', instead: 'new' },
} as const;

function problemWithChange(
  proof: keyof typeof CHANGES,
  glob: string,
  { matched, changes, ...facts }: GuaranteeFacts,
): string | undefined {
  const { status, text, other, instead } = CHANGES[proof];
  const paths = matched.get(glob) ?? [];
  if (paths === TOO_SLOW) return slowGlob(glob);
  if (paths.some((path) => changes.get(path) === status)) return undefined;
  const others = paths.filter((path) => changes.get(path) === other);
  const found =
    others.length > 0
      ? `${listText(others)}, which ${others.length === 1 ? 'is' : 'are'} ${instead}`
      : paths.length > 0
        ? `${listText(paths)} as in ${short(facts)}`
        : 'no such file';
  return `expected ${text} ${glob}, found ${found}`;
}

function problemWithArtifact(glob: string, { matched, reported }: GuaranteeFacts): string | undefined {
  const [committed, said] = [matched.get(glob) ?? [], reported.get(glob) ?? []];
  if (committed === TOO_SLOW || said === TOO_SLOW) return slowGlob(glob);
  if (committed.length + said.length > 0) return undefined;
  return `expected a file ${glob}, found none in the commit, and none among the deliverables that were reported and are there`;
}

const slowGlob = (glob: string): string =>
  `expected a glob that is matched at once, found that ${glob} takes too long: write a simpler one`;

const short = ({ baseCommit }: Pick<GuaranteeFacts, 'baseCommit'>): string => baseCommit.slice(0, 7);

function filesText(paths: readonly string[]): string {
  if (paths.length === 0) return 'none';
  return `${paths.length}: ${listText(paths)}`;
}

const SHOWN_MAX = 5;

function listText(all: readonly string[]): string {
  const shown = all.slice(0, SHOWN_MAX).map((one) => clip(one, 80));
  return [...shown, ...(all.length > SHOWN_MAX ? [`${all.length - SHOWN_MAX} more`] : [])].join(', ');
}
