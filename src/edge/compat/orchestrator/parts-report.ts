/** What the parts of a task came to, by role and in Markdown. Pure. */
import type { TaskRow } from '../../../domain/rows.ts';
import { inline, quoted } from './markdown.ts';
import { progressOf } from './parts-progress.ts';
import { artifactRefs, statusThere } from './words.ts';

/** Of a part's artifacts so many stand in the text; all of them stand beside it. */
export const ARTIFACTS_SHOWN_MAX = 20;

/** What an artifact says, or its beginning. */
export interface Excerpt {
  readonly text: string;
  readonly isWhole: boolean;
}
/** By digest; those that are no text, or one too many, have none. */
export type Excerpts = ReadonlyMap<string, Excerpt>;

export type Part = Pick<TaskRow, 'id' | 'title' | 'status' | 'summary' | 'artifacts' | 'plan' | 'archivedAt'>;

export interface PartResult {
  readonly task_id: string;
  readonly title: string;
  readonly summary: string;
  readonly artifacts: ReturnType<typeof artifactRefs>;
}

export interface Report {
  /** Only what was completed, in the order of the parts. */
  readonly sections: readonly { readonly specialist_type: string; readonly tasks: readonly PartResult[] }[];
  readonly incomplete: readonly Part[];
  /** Every part that is still wanted is completed. */
  readonly isWhole: boolean;
  readonly markdown: string;
}

export function reportOf(title: string, parts: readonly Part[], excerpts: Excerpts = new Map()): Report {
  const completed = parts.filter(isCompleted);
  const incomplete = parts.filter((part) => !isCompleted(part));
  // What several parts left is said once.
  const unsaid = new Map(excerpts);
  const byRole = Map.groupBy(completed, ({ plan }) => plan?.specialist ?? 'generic');
  const sections = [...byRole].map(([role, rows]) => ({
    specialist_type: role,
    tasks: rows.map(resultOf),
  }));
  const markdown = [
    `# ${inline(title)}`,
    '## Overall summary',
    summaryOf(parts, sections),
    ...sections.flatMap(({ specialist_type: role, tasks }) => [
      `## ${role}`,
      ...tasks.map((one) => textOf(one, unsaid)),
    ]),
    ...(incomplete.length === 0 ? [] : ['## Not completed', incomplete.map(openItem).join('\n')]),
  ].join('\n\n');
  return { sections, incomplete, isWhole: progressOf('', parts).progress === 'completed', markdown };
}

const isCompleted = ({ status }: Part): boolean => status === 'completed';

/** Where a part stands; that a completed one was put away makes it no less completed. */
const standingOf = (part: Part): string => (isCompleted(part) ? 'completed' : statusThere(part));

const resultOf = ({ id, title, summary = '', artifacts }: Part): PartResult => ({
  task_id: id,
  title,
  summary,
  artifacts: artifactRefs(artifacts),
});

function summaryOf(parts: readonly Part[], sections: Report['sections']): string {
  const counts = [...Map.groupBy(parts, standingOf)].map(([status, { length }]) => `${length} ${status}`);
  const roles = sections.map(({ specialist_type: role, tasks }) => `${role} (${tasks.length})`);
  const done = roles.length === 0 ? 'Nothing is completed yet.' : `Completed by ${roles.join(', ')}.`;
  return `${parts.length} ${parts.length === 1 ? 'task' : 'tasks'}: ${counts.join(', ')}. ${done}`;
}

function textOf(
  { task_id: id, title, summary, artifacts }: PartResult,
  unsaid: Map<string, Excerpt>,
): string {
  const shown = artifacts
    .slice(0, ARTIFACTS_SHOWN_MAX)
    .map((one) => [artifactItem(one), ...excerptLines(taken(unsaid, one.id))].join('\n'));
  const more = artifacts.length - shown.length;
  const items = more === 0 ? shown : [...shown, `- and ${more} more`];
  return [
    `### ${inline(title)} (${id})`,
    ...(summary === '' ? [] : [quoted(summary)]),
    ...(items.length === 0 ? [] : [items.join('\n')]),
  ].join('\n\n');
}

/** With the address that it can be read by, where it is one of the store. */
function artifactItem({ id, type, path, size }: PartResult['artifacts'][number]): string {
  if (size === undefined) return `- ${inline(path)}`;
  const address = `pawl://artifacts/${id}`;
  const name = path === address ? '' : `${inline(path)}: `;
  return `- ${name}${address} (${type}, ${size} bytes)`;
}

function taken(unsaid: Map<string, Excerpt>, id: string): Excerpt | undefined {
  const excerpt = unsaid.get(id);
  unsaid.delete(id);
  return excerpt;
}

/** Belongs to the item above it, by how far it stands in. */
function excerptLines(excerpt: Excerpt | undefined): string[] {
  if (excerpt === undefined || excerpt.text.trim() === '') return [];
  const rest = excerpt.isWhole ? [] : ['', '  The rest of it stands at this address.'];
  const lines = quoted(excerpt.text).split('\n');
  return ['', ...lines.map((line) => `  ${line}`), ...rest, ''];
}

function openItem(row: Part): string {
  const summary = row.summary === undefined ? '' : `: ${inline(row.summary)}`;
  return `- ${inline(row.title)} (${row.id}), ${statusThere(row)}${summary}`;
}
