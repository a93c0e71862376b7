/** A repository with files of Git LFS, on an engine whose PATH has it: from the agent's first look to the user's checkout. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  describeWithLfs,
  inGit,
  lfsGit,
  newLfsRepository,
  pathWithLfs,
  pointerTo,
} from '../adapters/git-lfs.ts';
import { type EngineRig, startRig } from './rig.ts';

describeWithLfs('a task with files of Git LFS', () => {
  let rig: EngineRig;
  beforeAll(async () => {
    rig = await startRig({ PATH: pathWithLfs() });
  });
  afterAll(() => rig.close());

  it('sees, changes and delivers what they hold', async () => {
    const repository = newLfsRepository();
    const agent = `sh -c 'git status --porcelain > status.txt; cat logo.bin > new.bin; echo more >> new.bin; git add new.bin'`;
    const holds = `sh -c 'test "$(cat new.bin)" = "$(cat logo.bin; echo more)"'`;
    const args = ['run', 'Do it', '--repo', repository, '--id', 'lfs', '--agent-command', agent];
    const told = await rig.pawl([...args, '--check', holds, '--yes']);
    expect(told.out + told.err).toContain('merged');
    expect(told.code).toBe(0);
    const content = 'the logo\nmore\n';
    expect(inGit(repository, 'main', 'new.bin')).toBe(pointerTo(content));
    expect(readFileSync(join(repository, 'new.bin'), 'utf8')).toBe(content);
    expect(readFileSync(join(repository, 'status.txt'), 'utf8')).not.toContain('logo.bin');
    expect(lfsGit(repository, 'status', '--porcelain')).toBe('');
    expect(lfsGit(repository, 'lfs', 'fsck')).toContain('OK');
  });
});
