/** Contents of Git LFS from a remote of ssh: the host says by ssh where they are, and is asked with the user's keys. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeGitHub } from '../../fixtures/github/server.ts';
import { describeWithLfs, LOGO, newLfsRepository, newLfsWorld } from '../git-lfs.ts';
import { scratchFolder, userGit } from '../scratch-repository.ts';

/** An `ssh` that the engine finds. It notes what it is told to run. */
function sshThat(script: string): string {
  const folder = scratchFolder('ssh');
  const said = join(folder, 'said');
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\necho "$@" >> '${said}'\n${script}\n`, { mode: 0o755 });
  const before = process.env.PATH ?? '';
  process.env.PATH = `${folder}${delimiter}${before}`;
  onTestFinished(() => {
    process.env.PATH = before;
  });
  return said;
}

async function cloneBySsh() {
  const repository = newLfsRepository();
  const github = await startFakeGitHub({ from: repository });
  onTestFinished(() => github.close());
  cpSync(join(repository, '.git/lfs'), join(github.repository, 'lfs'), { recursive: true });
  rmSync(join(repository, '.git/lfs'), { recursive: true });
  userGit(repository, 'remote', 'add', 'origin', 'git@example.org:acme/widgets.git');
  return { ...newLfsWorld(repository), github };
}

describeWithLfs('a remote of ssh', () => {
  it('says where contents are', async () => {
    const { workspaces, task, github } = await cloneBySsh();
    const Authorization = `Basic ${Buffer.from(`x:${github.readToken}`).toString('base64')}`;
    const answer = JSON.stringify({ href: `${github.url}/info/lfs`, header: { Authorization } });
    const said = sshThat(`case "$*" in *git-lfs-authenticate*) echo '${answer}';; *) exit 1;; esac`);
    const { path, notes } = await workspaces.prepare(task);
    expect(notes).toEqual([]);
    expect(readFileSync(join(path, 'logo.bin'), 'utf8')).toBe(LOGO);
    expect(readFileSync(said, 'utf8')).toMatch(
      /BatchMode=yes .*git@example\.org git-lfs-authenticate acme\/widgets\.git download/,
    );
  });

  it('that lets nobody in leaves pointers, and says so', async () => {
    const { workspaces, task } = await cloneBySsh();
    sshThat('echo "git@example.org: Permission denied (publickey)." >&2; exit 255');
    const { path, notes } = await workspaces.prepare(task);
    expect(notes).toEqual([expect.stringContaining('git@example.org:acme/widgets.git refuses ssh')]);
    expect(readFileSync(join(path, 'logo.bin'), 'utf8')).toContain('oid sha256:');
  });
});
