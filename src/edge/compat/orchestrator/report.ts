/** What the parts of a task came to, by role and in Markdown. Pure. */
import type { TaskRow } from '../../../domain/rows.ts';
import { inline, quoted } from './markdown.ts';
import { artifactRefs, statusThere } from './words.ts';

/** Of a part's artifacts so many stand in the text; all of them stand beside it. */
const ARTIFACTS_SHOWN_MAX = 20;

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
  readonly markdown: string;
}

export function reportOf(title: string, parts: readonly Part[]): Report {
  const completed = parts.filter(({ status }) => status === 'completed');
  const incomplete = parts.filter(({ status }) => status !== 'completed');
  const byRole = Map.groupBy(completed, ({ plan }) => plan?.specialist ?? 'generic');
  const sections = [...byRole].map(([role, rows]) => ({
    specialist_type: role,
    tasks: rows.map(resultOf),
  }));
  const markdown = [
    `# ${inline(title)}`,
    '## Overall summary',
    summaryOf(parts, sections),
    ...sections.flatMap(({ specialist_type: role, tasks }) => [`## ${role}`, ...tasks.map(textOf)]),
    ...(incomplete.length === 0 ? [] : ['## Not completed', incomplete.map(openItem).join('\n')]),
  ].join('\n\n');
  return { sections, incomplete, markdown };
}

const resultOf = ({ id, title, summary = '', artifacts }: Part): PartResult => ({
  task_id: id,
  title,
  summary,
  artifacts: artifactRefs(artifacts),
});

function summaryOf(parts: readonly Part[], sections: Report['sections']): string {
  const counts = [...Map.groupBy(parts, statusThere)].map(([status, { length }]) => `${length} ${status}`);
  const roles = sections.map(({ specialist_type: role, tasks }) => `${role} (${tasks.length})`);
  const done = roles.length === 0 ? 'Nothing is completed yet.' : `Completed by ${roles.join(', ')}.`;
  return `${parts.length} ${parts.length === 1 ? 'task' : 'tasks'}: ${counts.join(', ')}. ${done}`;
}

function textOf({ task_id: id, title, summary, artifacts }: PartResult): string {
  const shown = artifacts.slice(0, ARTIFACTS_SHOWN_MAX).map(artifactItem);
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

function openItem(row: Part): string {
  const summary = row.summary === undefined ? '' : `: ${inline(row.summary)}`;
  return `- ${inline(row.title)} (${row.id}), ${statusThere(row)}${summary}`;
}
