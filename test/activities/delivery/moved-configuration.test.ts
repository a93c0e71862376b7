/** A base that has moved to another `pawl.yaml`: the merge says what it holds now, also where nobody can read it. */
import { expect, it } from 'vitest';
import type { Merged } from '../../../src/domain/steps.ts';
import { commitFiles, userGit } from '../../adapters/scratch-repository.ts';
import { begun } from './outcome.ts';

async function mergeOnto(...moves: readonly Readonly<Record<string, string>>[]): Promise<Merged> {
  const story = await begun();
  await story.reach('merge');
  for (const files of moves) commitFiles(story.world.repository, files);
  return story.delivery.merge(story.inputOf('merge') as never);
}

it('is told with the checks, the set-up, the protection and the approvals that it asks for', async () => {
  const text = 'setup: make\nchecks: [npm test]\nprotect: []\napprovals: strict\n';
  expect(await mergeOnto({ 'pawl.yaml': text })).toMatchObject({
    kind: 'base_moved',
    configuration: {
      kind: 'read',
      checks: [{ run: ['npm', 'test'] }],
      setupCommand: ['make'],
      protect: [],
      approvals: 'strict',
    },
  });
});

it('is told where the change conflicts too', async () => {
  expect(await mergeOnto({ 'new.txt': 'theirs\n', 'pawl.yaml': 'checks: [make]\n' })).toMatchObject({
    kind: 'conflict',
    configuration: { kind: 'read', checks: [{ run: ['make'] }] },
  });
});

it('is told in the words of its problem where it cannot be read, which fails nothing', async () => {
  expect(await mergeOnto({ 'pawl.yaml': 'checks: {\n' })).toMatchObject({
    kind: 'base_moved',
    configuration: { kind: 'problem', problem: expect.stringMatching(/^pawl.yaml is not valid: line \d/) },
  });
});

it('is not spoken of where it is the same', async () => {
  expect(await mergeOnto({ 'other.txt': 'other' })).not.toHaveProperty('configuration');
});

it('is told of once: after that the base before is the one that had it already', async () => {
  const story = await begun();
  await story.reach('merge');
  const { repository } = story.world;
  commitFiles(repository, { 'pawl.yaml': 'checks: [make]\n' });
  const first = await story.delivery.merge(story.inputOf('merge') as never);
  if (first.kind !== 'base_moved') throw new Error(`expected a base that has moved, got ${first.kind}`);
  expect(first.baseCommit).toBe(userGit(repository, 'rev-parse', 'main'));
  story.baseCommit = first.baseCommit;
  story.commit = first.commit;
  await story.delivery.publish(story.inputOf('publish') as never);
  commitFiles(repository, { 'other.txt': 'other' });
  expect(await story.delivery.merge(story.inputOf('merge') as never)).not.toHaveProperty('configuration');
});
