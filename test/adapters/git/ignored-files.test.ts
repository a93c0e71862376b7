/** Files that are ignored belong to the work as the agent's own commits say, whichever of the person's files ignores them. */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import { newPlaces, newRepository, newTask, put, scratchFolder, userGit } from '../scratch-repository.ts';

async function working(
  files: Readonly<Record<string, string>>,
  inClone: (clone: string) => void = () => undefined,
) {
  const workspaces = createWorkspaces(newPlaces());
  const clone = newRepository({ 'a.txt': 'a\n', ...files });
  inClone(clone);
  const task = newTask(clone);
  const { path, baseCommit } = await workspaces.prepare(task);
  let count = 0;
  const commit = async () => {
    count += 1;
    return (await workspaces.commit(task, 'work', `key-${count}`)) ?? expect.fail('nothing was committed');
  };
  const namesIn = (oid: string) => userGit(path, 'ls-tree', '-r', '--name-only', oid).split('\n');
  const byAgent = (...args: readonly string[]) => {
    userGit(path, ...args);
    userGit(path, 'commit', '-q', '--allow-empty', '-m', 'by the agent');
  };
  return { workspaces, task, path, baseCommit, commit, namesIn, byAgent };
}

it('what the agent has stopped to track stays out, also of the next commit, and stays a file', async () => {
  const { commit, namesIn, byAgent, path, workspaces, task } = await working({
    '.env': 'x\n',
    'dist/t': 't\n',
  });
  put(path, { '.gitignore': '.env\ndist/\n' });
  userGit(path, 'rm', '-rq', '--cached', '.env', 'dist');
  byAgent('add', '.gitignore');
  const first = await commit();
  expect(namesIn(first)).toEqual(['.gitignore', 'a.txt']);
  await workspaces.restore(task, first);
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe('x\n');
  put(path, { 'more.txt': 'more\n' });
  expect(namesIn(await commit())).toEqual(['.gitignore', 'a.txt', 'more.txt']);
});

it('what the agent has added by force is in the commit, as it is now, and in the next', async () => {
  const { commit, namesIn, byAgent, path } = await working({ '.gitignore': 'dist/\n' });
  put(path, { 'dist/n': 'then\n', 'dist/other': 'other\n' });
  byAgent('add', '-f', 'dist/n');
  put(path, { 'dist/n': 'now\n', 'k.txt': 'k\n' });
  const first = await commit();
  expect(namesIn(first)).toEqual(['.gitignore', 'a.txt', 'dist/n', 'k.txt']);
  expect(userGit(path, 'show', `${first}:dist/n`)).toBe('now');
  put(path, { 'dist/n': 'later\n' });
  expect(userGit(path, 'show', `${await commit()}:dist/n`)).toBe('later');
});

it('what it has added so and removed since is in neither', async () => {
  const { commit, namesIn, byAgent, path } = await working({ '.gitignore': 'dist/\n' });
  put(path, { 'dist/n': 'n\n', 'k.txt': 'k\n' });
  byAgent('add', '-f', 'dist/n');
  rmSync(join(path, 'dist'), { recursive: true });
  expect(namesIn(await commit())).toEqual(['.gitignore', 'a.txt', 'k.txt']);
  mkdirSync(join(path, 'dist'));
});

it('what it has added so is not looked for behind a link', async () => {
  const { commit, namesIn, byAgent, path } = await working({ '.gitignore': 'dist/\n' });
  put(path, { 'dist/n': 'n\n' });
  byAgent('add', '-f', 'dist/n');
  rmSync(join(path, 'dist'), { recursive: true });
  const elsewhere = scratchFolder('elsewhere');
  put(elsewhere, { n: 'of another\n' });
  symlinkSync(elsewhere, join(path, 'dist'));
  expect(namesIn(await commit())).toEqual(['.gitignore', 'a.txt', 'dist']);
});

it('what it did to files that nothing ignores is seen in the files', async () => {
  const { commit, namesIn, byAgent, path } = await working({ 'b.txt': 'b\n' });
  byAgent('rm', '-q', '--cached', 'b.txt');
  put(path, { 'k.txt': 'k\n' });
  expect(namesIn(await commit())).toEqual(['a.txt', 'b.txt', 'k.txt']);
});

afterEach(() => vi.unstubAllEnvs());

/** What ignores `.idea` and `node_modules` in a person's clone, and is in no commit. */
const RULES = '.idea/\nnode_modules/\n';
const OF_THE_PERSON: Readonly<Record<string, (clone: string) => void>> = {
  'info/exclude of the clone': (clone) => put(clone, { '.git/info/exclude': RULES }),
  'the file of rules in the home folder': () => {
    const settings = scratchFolder('settings');
    put(settings, { 'git/ignore': RULES });
    vi.stubEnv('XDG_CONFIG_HOME', settings);
  },
  'a file of rules elsewhere': (clone) => {
    const folder = scratchFolder('rules');
    put(folder, { 'my ignore': RULES });
    userGit(clone, 'config', 'core.excludesFile', join(folder, 'my ignore'));
  },
};

describe.each(Object.entries(OF_THE_PERSON))('what %s ignores', (_, inClone) => {
  const LEFT = { '.idea/w.xml': 'x\n', 'node_modules/m/i.js': '1\n', 'k.txt': 'k\n' };

  it('is not the agent’s work, nor in a commit that it makes of all files', async () => {
    const { commit, namesIn, byAgent, path, workspaces, task } = await working({}, inClone);
    put(path, LEFT);
    expect((await workspaces.snapshot(task)).changedFiles).toEqual(['k.txt']);
    expect(namesIn(await commit())).toEqual(['a.txt', 'k.txt']);
    put(path, { 'more.txt': 'more\n' });
    byAgent('add', '--all');
    expect(namesIn('HEAD')).toEqual(['a.txt', 'k.txt', 'more.txt']);
    put(path, { 'again.txt': 'again\n' });
    expect(namesIn(await commit())).toEqual(['a.txt', 'again.txt', 'k.txt', 'more.txt']);
    expect(readFileSync(join(path, 'node_modules/m/i.js'), 'utf8')).toBe('1\n');
  });

  it('is the agent’s work where it has added it by force', async () => {
    const { commit, namesIn, byAgent, path } = await working({}, inClone);
    put(path, LEFT);
    byAgent('add', '-f', '.idea');
    expect(namesIn(await commit())).toEqual(['.idea/w.xml', 'a.txt', 'k.txt']);
  });

  it('is so in a repository that the agent has made inside of its workspace too, beside what .gitignore names', async () => {
    const { commit, namesIn, path } = await working({ '.gitignore': '*.log\n' }, inClone);
    put(path, { 'app/x.log': 'x\n', 'app/node_modules/m/i.js': '1\n', 'app/k.txt': 'k\n' });
    userGit(join(path, 'app'), 'init', '-q');
    expect(namesIn(await commit())).toEqual(['.gitignore', 'a.txt', 'app/k.txt']);
  });

  it('is what .gitignore takes back from it', async () => {
    const { commit, namesIn, path } = await working({ '.gitignore': '!.idea/\n' }, inClone);
    put(path, LEFT);
    expect(namesIn(await commit())).toEqual(['.gitignore', '.idea/w.xml', 'a.txt', 'k.txt']);
  });
});

it('what an agent writes into info/exclude of its workspace hides nothing, and what the clone ignores stays so', async () => {
  const { commit, namesIn, path } = await working({}, OF_THE_PERSON['info/exclude of the clone']);
  put(path, { '.git/info/exclude': '*.txt\n!.idea/\n', 'k.txt': 'k\n', '.idea/w.xml': 'x\n' });
  expect(namesIn(await commit())).toEqual(['a.txt', 'k.txt']);
});

it('of the person’s rules those of the clone win', async () => {
  const { commit, namesIn, path } = await working({}, (clone) => {
    OF_THE_PERSON['the file of rules in the home folder']?.(clone);
    put(clone, { '.git/info/exclude': '!.idea/\n' });
  });
  put(path, { '.idea/w.xml': 'x\n', 'node_modules/m': 'm\n' });
  expect(namesIn(await commit())).toEqual(['.idea/w.xml', 'a.txt']);
});
