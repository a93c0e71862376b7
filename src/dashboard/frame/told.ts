/** What has happened between two looks that a person wants to hear of. Pure. */
import type { TaskRow } from '../../domain/rows.ts';
import type { Waiting } from '../client/ranked-decisions.ts';

export interface Seen {
  readonly decisions: ReadonlyMap<string, string>;
  readonly ended: ReadonlyMap<string, TaskRow>;
}

export interface News {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

/** More at once are told as a number: after a night there may be hundreds. */
const NEWS_MAX = 3;

export const seenIn = (tasks: readonly TaskRow[], decisions: readonly Waiting[]): Seen => ({
  decisions: new Map(decisions.map(({ id, gate, since, title }) => [`${id} ${gate} ${since ?? ''}`, title])),
  ended: new Map(tasks.flatMap((row) => (row.closedAt === undefined ? [] : [[row.id, row]]))),
});

export function newsBetween(before: Seen, now: Seen): readonly News[] {
  const asked = [...now.decisions].filter(([key]) => !before.decisions.has(key));
  const ended = [...now.ended].filter(([id, { closedAt }]) => before.ended.get(id)?.closedAt !== closedAt);
  const news = [
    ...asked.map(([key, title]) => ({ tag: key, title: 'Waits for your decision', body: title })),
    ...ended.map(([id, { title, status }]) => ({ tag: id, title: ENDS[status] ?? status, body: title })),
  ];
  if (news.length <= NEWS_MAX) return news;
  const body = `${asked.length} wait for your decision, ${ended.length} have ended`;
  return [{ tag: 'many', title: 'Pawl', body }];
}

const ENDS: Readonly<Record<string, string>> = {
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
