/** Programs of git's that stay: what they answer is what git says now, and nothing waits for them. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { updateRefs } from '../../../src/adapters/git/mirror.ts';
import { readObjects } from '../../../src/adapters/git/read-objects.ts';
import { startTimeOf } from '../../../src/adapters/programs/processes.ts';
import { commitFiles, newRepository, scratchFolder, tipOf, userGit } from '../scratch-repository.ts';

/** Ids of the programs that are started from now on. */
function started(): readonly number[] {
  const pids: number[] = [];
  const note = (message: unknown) => {
    const { process } = message as { process: { pid?: number; once(name: string, then: () => void): void } };
    process.once('spawn', () => pids.push(process.pid ?? 0));
  };
  subscribe('child_process', note);
  onTestFinished(() => void unsubscribe('child_process', note));
  return pids;
}

const textOf = async (cwd: string, name: string) =>
  (await readObjects({ cwd }, [name]))[0]?.content.toString();

describe('a reader that stays', () => {
  it('answers many questions, with what is so by now', async () => {
    const repository = newRepository({ 'a.txt': 'one' });
    const pids = started();
    expect(await textOf(repository, 'main:a.txt')).toBe('one');
    commitFiles(repository, { 'a.txt': 'two' });
    expect(await textOf(repository, 'main:a.txt')).toBe('two');
    userGit(repository, 'gc', '-q', '--prune=now');
    commitFiles(repository, { 'b.txt': 'three' });
    userGit(repository, 'repack', '-adq');
    expect(await textOf(repository, 'main:b.txt')).toBe('three');
    expect(await textOf(repository, 'main:none.txt')).toBeUndefined();
    expect(pids).toHaveLength(1);
  });

  it('is another one where it was ended meanwhile', async () => {
    const repository = newRepository({ 'a.txt': 'one' });
    const pids = started();
    await textOf(repository, 'main:a.txt');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    expect(await textOf(repository, 'main:a.txt')).toBe('one');
    expect(pids).toHaveLength(2);
  });

  it('is another one where another repository is there now', async () => {
    const [here, other] = [newRepository({ 'a.txt': 'one' }), newRepository({ 'a.txt': 'other' })];
    await textOf(here, 'main:a.txt');
    rmSync(join(here, '.git'), { recursive: true });
    renameSync(join(other, '.git'), join(here, '.git'));
    expect(await textOf(here, 'main:a.txt')).toBe('other');
  });

  it.each(['', '.git'])(
    'finds what a repository made anew at its path %o has, and nothing of the one before',
    async (part) => {
      const [here, other] = [newRepository({ 'a.txt': 'one' }), newRepository({ 'a.txt': 'other' })];
      const [before = '', now = ''] = [here, other].map((one) => userGit(one, 'rev-parse', 'main:a.txt'));
      expect(await textOf(here, before)).toBe('one');
      rmSync(join(here, part), { recursive: true });
      renameSync(join(other, part), join(here, part));
      expect(await textOf(here, now)).toBe('other');
      expect(await textOf(here, before)).toBeUndefined();
    },
  );

  it('asks as many at once as are wanted, and says what failed in git’s words', async () => {
    const repository = newRepository({ 'a.txt': 'one' });
    const texts = await Promise.all(Array.from({ length: 5 }, () => textOf(repository, 'main:a.txt')));
    expect(texts).toEqual(Array.from({ length: 5 }, () => 'one'));
    const none = scratchFolder('none');
    mkdirSync(none, { recursive: true });
    await expect(textOf(none, 'main')).rejects.toThrow(/not a git repository/);
  });

  it('reads what is larger than a pipe, and what is empty', async () => {
    const large = 'x'.repeat(3_000_000);
    const repository = newRepository({ 'large.txt': large, 'empty.txt': '' });
    const names = ['main:large.txt', 'main:empty.txt', 'main:large.txt'];
    const objects = await readObjects({ cwd: repository }, names);
    expect(objects.map((one) => one?.content.length)).toEqual([large.length, 0, large.length]);
  });

  it('keeps no process alive, and ends with it', async () => {
    const repository = newRepository({ 'a.txt': 'one' });
    const reads = join(import.meta.dirname, '../../../src/adapters/git/read-objects.ts');
    const program = `import { readObjects } from ${JSON.stringify(reads)};
      import { subscribe } from 'node:diagnostics_channel';
      let reader;
      subscribe('child_process', (told) => { reader = told.process; });
      await readObjects({ cwd: ${JSON.stringify(repository)} }, ['main:a.txt']);
      process.on('beforeExit', () => console.log(reader.pid, reader.exitCode, reader.signalCode));`;
    const { stdout } = await execa(process.execPath, ['--input-type=module-typescript', '-e', program]);
    const [pid, ...ended] = stdout.split(' ');
    expect(ended).toEqual(['null', 'null']);
    await expect.poll(() => startTimeOf(Number(pid)), { timeout: 30_000 }).toBeUndefined();
  });
});

describe('a writer of refs that stays', () => {
  it('sets all or none, and goes on after what it refused', async () => {
    const repository = newRepository({ 'a.txt': 'one' });
    const mirror = join(repository, '.git');
    const oid = userGit(repository, 'rev-parse', 'main');
    const pids = started();
    await updateRefs(mirror, [{ ref: 'refs/pawl/a', to: oid }]);
    await updateRefs(mirror, [{ ref: 'refs/pawl/b', to: oid }]);
    expect(pids).toHaveLength(1);
    const refused = [
      { ref: 'refs/pawl/c', to: oid },
      { ref: 'refs/pawl/a/b', to: oid },
    ];
    await expect(updateRefs(mirror, refused)).rejects.toThrow(/exists; cannot create/);
    expect(tipOf(repository, 'refs/pawl/c')).toBeUndefined();
    await updateRefs(mirror, [{ ref: 'refs/pawl/a', to: undefined }]);
    expect(tipOf(repository, 'refs/pawl/a')).toBeUndefined();
    expect(tipOf(repository, 'refs/pawl/b')).toBe(oid);
  });
});
