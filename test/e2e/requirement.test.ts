/** Whatever a person writes is data: no shell reads it, no path or option is made of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFiles, newRepository, userGit } from '../adapters/scratch-repository.ts';
import { agent, atGate, by, type EngineRig, quoted, startRig } from './rig.ts';

let rig: EngineRig;
const repository = newRepository();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

describe('a requirement is data', () => {
  const SHELL = '$(touch pwned) `touch pwned`; touch pwned & \'"\\ \u001b[2J %s\r\n';
  const echo = ['--agent-command', quoted(agent('echoes-task'))];

  it('also with a megabyte of shell characters and a NUL, from stdin', async () => {
    const text = `\0${SHELL}${SHELL.repeat(1_048_576 / SHELL.length)}end`;
    const args = ['run', '-', '--id', 'megabyte', '--repo', repository, ...echo];
    const told = await rig.pawl([...args, '--yes', '--json'], { input: text });
    expect(told.code).toBe(0);
    // The merge brought the user's working tree along.
    const { task } = JSON.parse(readFileSync(join(repository, 'stdin.json'), 'utf8'));
    expect(task.requirement).toBe(text.trim());
    expect(userGit(repository, 'ls-tree', '-r', '--name-only', 'main')).not.toContain('pwned');
    expect([rig.home, repository].filter((place) => existsSync(join(place, 'pwned')))).toEqual([]);
    const { title } = await rig.api.show({ id: 'megabyte' });
    expect(title).not.toMatch(/\p{Cc}/u);
  });

  it('also when it looks like a flag', async () => {
    const other = newRepository();
    const args = ['run', '--id', 'flag', '--repo', other, ...echo, '--json', '--', '--looks-like-a-flag'];
    // Without a terminal nobody is asked.
    expect(await rig.pawl(args)).toMatchObject({
      code: 3,
      err: expect.stringContaining('pawl approve flag'),
    });
    await rig.until('flag', atGate);
    await rig.api.approve({ id: 'flag', by: 'ann' });
    await rig.client.workflow.getHandle('flag').result();
    const { task } = JSON.parse(userGit(other, 'show', 'main:stdin.json'));
    expect(task.requirement).toBe('--looks-like-a-flag');
  });
});

it('a task id, a branch and a title of the user cannot leave their places', async () => {
  const hostile = newRepository();
  commitFiles(hostile, { 'evil "name".txt': 'x' });
  userGit(hostile, 'branch', 'feature/x$(id)');
  const told = await rig.pawl([
    'run',
    '../../x',
    '--id',
    '../x',
    '--repo',
    hostile,
    '--agent-command',
    'true',
  ]);
  expect(told.code).toBe(2);
  expect(told.err).toContain('lower-case');
  const id = await rig.run({ repository: hostile, base: 'feature/x$(id)', ...by('writes', 'a.txt', 'a') });
  await rig.until(id, atGate);
  await rig.api.approve({ id, by: 'ann' });
  expect((await rig.until(id, ({ status }) => status === 'completed')).mergedCommit).toBe(
    userGit(hostile, 'rev-parse', 'refs/heads/feature/x$(id)'),
  );
});
