/** Lines of a story that need more than one look. */
import { expect, it } from 'vitest';
import { storyOf } from '../../../src/edge/cli/story.ts';
import { attempt, COMMIT, pullRequest, state } from './states.ts';

const textsOf = (parts: Parameters<typeof state>[0]) => storyOf(state(parts)).map(({ text }) => text);

it('tells every remark on a change', () => {
  const remarks = Array.from({ length: 7 }, (_, at) => ({ path: `${at}.bin`, why: 'is no text' }));
  const texts = textsOf({ pullRequest: pullRequest({ commit: COMMIT, remarks }) });
  expect(texts.filter((text) => text.endsWith('is no text'))).toHaveLength(7);
  expect(texts).not.toContainEqual(expect.stringContaining('more'));
});

it('says once that an attempt, begun for a conflict, ended with one', () => {
  const failure = { class: 'conflict', message: 'not solved in a.txt' } as const;
  const attempts = [attempt({ reason: 'conflict', outcome: 'failed', failure })];
  expect(textsOf({ attempts })).toContain('conflict: not solved in a.txt');
});

it('says of an attempt that was ended so that its agent hears something what it was, and not that it failed', () => {
  const ended = attempt({ outcome: 'cancelled' });
  const told = attempt({ number: 2, reason: 'told', resumedFrom: '1.1', outcome: 'running' });
  const line = storyOf(state({ status: 'in_progress', attempts: [ended, told] })).find(
    ({ label }) => label === 'attempt 1',
  );
  expect(line).toMatchObject({ mark: 'left', text: 'told something: attempt 2 goes on with it' });
});

it('says what became of an attempt that was ended once that is known', () => {
  const attempts = [attempt({ outcome: 'cancelled', summary: undefined })];
  const labels = (parts: Parameters<typeof state>[0]) => storyOf(state(parts)).map(({ label }) => label);
  expect(labels({ status: 'in_progress', attempts })).not.toContain('attempt 1');
  expect(storyOf(state({ status: 'cancelled', attempts }))).toContainEqual(
    expect.objectContaining({ label: 'attempt 1', mark: 'left', text: 'cancelled' }),
  );
});
