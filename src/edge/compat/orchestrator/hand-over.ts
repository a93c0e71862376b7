/** Where the work of a session stands, in words for whoever takes it over. Pure. */
import type { TaskRow } from '../../../domain/rows.ts';
import { isClosed } from '../../../domain/task-state.ts';
import type { Finding } from './findings.ts';
import { inline } from './markdown.ts';
import { statusThere } from './words.ts';

const SECTIONS: readonly (readonly [title: string, holds: (row: TaskRow) => boolean])[] = [
  ['In progress', ({ status }) => status === 'in_progress' || status === 'awaiting_gate'],
  ['Ready', ({ status }) => status === 'pending'],
  ['Blocked', ({ status }) => status === 'blocked'],
  ['Done', ({ status }) => status === 'completed'],
  ['Ended without being completed', ({ status }) => isClosed(status) && status !== 'completed'],
];

export function handOver(directory: string, rows: readonly TaskRow[], findings: readonly Finding[]): string {
  const sections = SECTIONS.map(([title, holds]) => sectionOf(title, rows.filter(holds).map(itemOf)));
  const issues = findings.map(({ task_id: id, issue }) => `- ${id}: ${issue}`);
  return [
    `# Where the work of ${inline(directory)} stands`,
    ...sections.flat(),
    ...sectionOf('Issues', issues),
    ...(rows.length === 0 ? ['There are no tasks.'] : []),
  ].join('\n\n');
}

const sectionOf = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`## ${title}`, items.join('\n')];

function itemOf(row: TaskRow): string {
  const summary = row.summary === undefined ? '' : `: ${inline(row.summary)}`;
  return `- ${inline(row.title)} (${row.id}, ${statusThere(row)})${summary}`;
}
