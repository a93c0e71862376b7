/** What Git LFS keeps of a change, on its way to the user's repository; and that nothing of an agent's has a say in it. Clones by a real Git LFS are the oracle. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { maintainMirrors } from '../../../src/adapters/git/mirror-upkeep.ts';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import {
  cloned,
  commitWithLfs,
  contentIn,
  describeWithLfs,
  hasContent,
  inGit,
  LOGO,
  lfsGit,
  NEW,
  newLfsRepository,
  newLfsWorld,
  pointerTo,
  worked,
} from '../git-lfs.ts';
import { put, scratchFolder, tipOf, userGit } from '../scratch-repository.ts';

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

async function merged(world: Awaited<ReturnType<typeof worked>>) {
  const { forge, task, commit, baseCommit } = world;
  await forge.push(task, commit);
  const { number } = await forge.ensurePullRequest({ task, key: 'k', commit, title: 'Do it', body: '' });
  return forge.merge({ task, key: 'k', number, commit, baseCommit });
}

describeWithLfs('a merge', () => {
  it('brings contents to the user’s repository and checkout, and to whoever clones it', async () => {
    const world = await worked();
    const { repository } = world;
    expect(await merged(world)).toEqual({ kind: 'merged', commit: expect.any(String) });
    expect(read(repository, 'new.bin')).toBe(NEW);
    expect(read(repository, 'logo.bin')).toBe('another\n');
    expect(lfsGit(repository, 'status', '--porcelain')).toBe('');
    expect(lfsGit(repository, 'lfs', 'fsck')).toContain('OK');
    const clone = cloned(`file://${repository}`);
    expect(read(clone, 'new.bin')).toBe(NEW);
    expect(lfsGit(clone, 'lfs', 'fsck')).toContain('OK');
  });

  it('leaves the files to a user whose git does not know Git LFS', async () => {
    const repository = newLfsRepository();
    userGit(repository, 'config', '--remove-section', 'filter.lfs');
    const world = await worked(newLfsWorld(repository));
    expect(await merged(world)).toMatchObject({
      kind: 'merged',
      takeReason: expect.stringContaining('goes through the filter lfs'),
    });
    expect(hasContent(join(repository, '.git'), NEW)).toBe(true);
  });

  it('gives contents to where the user’s own configuration has them', async () => {
    const storage = scratchFolder('storage');
    const repository = scratchFolder('repository');
    userGit(repository, 'init', '-q', '-b', 'main');
    lfsGit(repository, 'lfs', 'install', '--local', '--skip-repo');
    userGit(repository, 'config', 'lfs.storage', storage);
    commitWithLfs(repository, { '.gitattributes': '*.bin filter=lfs -text\n', 'logo.bin': LOGO });
    const world = await worked(newLfsWorld(repository));
    expect(read(world.path, 'logo.bin')).toBe('another\n');
    await merged(world);
    expect(existsSync(contentIn('', NEW).replace(/^\/?lfs/, storage))).toBe(true);
    expect(read(repository, 'new.bin')).toBe(NEW);
  });

  it('ends before the base moves where a content is not what its pointer says', async () => {
    const world = await worked();
    const file = contentIn(world.mirror, NEW);
    rmSync(file);
    writeFileSync(file, `${'y'.repeat(3_000_000)}\n`);
    await expect(merged(world)).rejects.toMatchObject({ code: 'precondition' });
    expect(tipOf(world.repository, 'refs/heads/main')).toBe(world.baseCommit);
  });
});

describeWithLfs('contents that come later', () => {
  it('are there after the base has moved', async () => {
    const { workspaces, task, repository, commit, baseCommit, path } = await worked();
    const base = commitWithLfs(repository, { 'theirs.bin': 'theirs\n' });
    expect(await workspaces.mergeBase(task, commit, baseCommit, base)).toMatchObject({ kind: 'merged' });
    expect(read(path, 'theirs.bin')).toBe('theirs\n');
    expect((await workspaces.snapshot(task)).changedFiles).toContain('theirs.bin');
    expect(lfsGit(path, 'status', '--porcelain')).toBe('');
  });

  it('are there of what a person has put on the branch', async () => {
    const { workspaces, forge, task, repository, commit, baseCommit, path } = await worked();
    await forge.push(task, commit);
    lfsGit(repository, 'switch', '-q', `pawl/${task.id}`);
    commitWithLfs(repository, { 'mine.bin': 'mine\n' });
    lfsGit(repository, 'switch', '-q', 'main');
    const work = { base: baseCommit, head: commit, shown: commit, key: 'by-hand' };
    expect(await workspaces.takeUp(task, work)).toMatchObject({ kind: 'taken' });
    expect(read(path, 'mine.bin')).toBe('mine\n');
  });

  it('are there of the work of the run before, by whoever has them', async () => {
    const { workspaces, forge, task, commit, mirror } = await worked();
    await workspaces.keep(task, { commit, aside: false });
    await forge.push(task, commit);
    await workspaces.remove(task);
    rmSync(join(mirror, 'lfs'), { recursive: true });
    const { path } = await workspaces.prepare(task, true);
    expect(await workspaces.goOn(task)).toMatchObject({ kind: 'resumed' });
    expect(read(path, 'new.bin')).toBe(NEW);
  });

  it('are refused where Git LFS is not there any more', async () => {
    const { places, task, path, baseCommit } = await worked();
    const without = createWorkspaces({ ...places, gitLfs: () => undefined });
    put(path, { 'logo.bin': 'again\n' });
    const commit = (await without.commit(task, 'more', 'k2')) ?? '';
    expect(await without.lfsProblem(task, baseCommit, commit)).toMatch(/logo\.bin.*: kept by Git LFS/);
  });
});

describeWithLfs('the upkeep of a mirror', () => {
  const later = () => Date.now() + 2 * 24 * 60 * 60_000;
  const never = new AbortController().signal;

  it('takes contents out that no workspace leans on', async () => {
    const { workspaces, task, mirror, places } = await worked();
    await maintainMirrors(places.mirrors, never, later);
    expect([hasContent(mirror, LOGO), hasContent(mirror, NEW)]).toEqual([true, true]);
    await workspaces.remove(task);
    await maintainMirrors(places.mirrors, never, later);
    expect([hasContent(mirror, LOGO), hasContent(mirror, NEW)]).toEqual([false, false]);
  });

  it('keeps those of work that nobody has merged', async () => {
    const { workspaces, task, mirror, places, commit, repository } = await worked();
    const kept = await workspaces.keep(task, { commit, aside: true });
    expect(kept).toEqual([{ branch: `pawl/${task.id}.kept-1`, holds: 'its work' }]);
    expect(hasContent(join(repository, '.git'), NEW)).toBe(true);
    await workspaces.remove(task);
    await maintainMirrors(places.mirrors, never, later);
    expect([hasContent(mirror, LOGO), hasContent(mirror, NEW)]).toEqual([false, true]);
  });
});

describeWithLfs('nothing of an agent’s is started or asked', () => {
  it.each<[string, (path: string, trap: string) => void]>([
    [
      'by .lfsconfig',
      (path, trap) =>
        put(path, {
          '.lfsconfig': `[lfs]\n\turl = file:///nowhere\n\tstandalonetransferagent = trap\n\tcustomtransfer.trap.path = ${trap}\n`,
        }),
    ],
    ['by a pipe in its place', (path) => execFileSync('mkfifo', [join(path, '.lfsconfig')])],
    [
      'by its own configuration',
      (path, trap) => {
        for (const setting of [
          'filter.lfs.process',
          'filter.lfs.clean',
          'filter.lfs.smudge',
          'lfs.extension.trap.clean',
          'lfs.extension.trap.smudge',
          'lfs.customtransfer.trap.path',
        ])
          userGit(path, 'config', setting, trap);
        userGit(path, 'config', 'lfs.standalonetransferagent', 'trap');
      },
    ],
    [
      'by a store that is a link',
      (path) => {
        mkdirSync(join(path, '.git/lfs'), { recursive: true });
        execFileSync('ln', ['-s', '/', join(path, '.git/lfs/objects')]);
      },
    ],
  ])('%s', async (_, lay) => {
    const { workspaces, checkSpaces, task, repository, places } = newLfsWorld();
    const { path } = await workspaces.prepare(task);
    const [trap, sprung] = [join(scratchFolder('trap'), 'trap'), join(scratchFolder('trap'), 'sprung')];
    writeFileSync(trap, `#!/bin/sh\ntouch ${sprung}\ncat\n`, { mode: 0o755 });
    lay(path, trap);
    put(path, { 'new.bin': 'new\n' });
    await workspaces.snapshot(task);
    rmSync(join(path, '.lfsconfig'), { force: true });
    const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
    await workspaces.restore(task, commit);
    await checkSpaces.checkOut(task, commit);
    expect(inGit(mirrorOf(places.mirrors, repository), commit, 'new.bin')).toBe(pointerTo('new\n'));
    expect(existsSync(sprung)).toBe(false);
  });
});
