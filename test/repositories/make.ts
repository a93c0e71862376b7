/** Makes the repository of a plan on disk, as its person has it, with what they have begun in it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { applyEdits } from '../fixtures/agents/apply-edits.mjs';
import type { Edit, Plan } from './plan.ts';

export interface Made {
  /** What is named to Pawl. */
  readonly repository: string;
  /** Where the person's files are; undefined in a bare repository. */
  readonly checkout: string | undefined;
  /** Ends what the person has begun, so that their checkout is as committed. */
  putAside(): void;
}

export const commitAll = (folder: string, message: string): string => {
  userGit(folder, 'add', '--all');
  userGit(folder, 'commit', '-q', '--allow-empty', '--no-verify', '-m', message);
  return userGit(folder, 'rev-parse', 'HEAD');
};

export function makeRepository(plan: Plan): Made {
  const seed = makeSeed(plan);
  const placed = place(plan, seed);
  const { repository, checkout } = placed;
  if (plan.attributesIn === 'clone') {
    const file = userGit(repository, 'rev-parse', '--path-format=absolute', '--git-path', 'info/attributes');
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${plan.attributes.join('\n')}\n`);
    // From now on git takes the files for what these attributes make of them.
    if (checkout !== undefined) takeAnew(checkout);
  }
  refuse(plan, repository);
  const putAside = checkout === undefined ? () => undefined : begin(plan, checkout);
  return { repository, checkout, putAside };
}

const write = (path: string, bytes: string): Edit => ({
  kind: 'write',
  path,
  bytes: Buffer.from(bytes).toString('base64'),
});

const objectFormat = (refusal: Plan['refusal']) =>
  refusal === 'names of objects by SHA-256' ? 'sha256' : 'sha1';

/** A plain repository with all that is committed. */
function makeSeed({ base, attributes, attributesIn, files, gitlink, tags, refusal }: Plan): string {
  const folder = scratchFolder('seed');
  const isLong = objectFormat(refusal) === 'sha256';
  userGit(folder, 'init', '-q', '-b', base, `--object-format=${objectFormat(refusal)}`);
  if (attributesIn === 'commit') applyEdits(folder, [write('.gitattributes', `${attributes.join('\n')}\n`)]);
  applyEdits(folder, [write('kept', 'kept\n'), write('other.txt', 'other\n')]);
  commitAll(folder, 'zeroth');
  applyEdits(folder, [write('kept', 'kept again\n')]);
  commitAll(folder, 'first');
  applyEdits(
    folder,
    files.map((file) => ({ kind: 'write', ...file })),
  );
  if (gitlink) {
    userGit(
      folder,
      'update-index',
      '--add',
      '--cacheinfo',
      `160000,${'1'.repeat(isLong ? 64 : 40)},vendor/lib`,
    );
    mkdirSync(join(folder, 'vendor', 'lib'), { recursive: true });
    applyEdits(folder, [
      write('.gitmodules', '[submodule "lib"]\n\tpath = vendor/lib\n\turl = ../nowhere\n'),
    ]);
  }
  userGit(folder, 'add', '--all', '--', '.', ':(exclude)vendor');
  userGit(folder, 'commit', '-q', '-m', 'second');
  for (const [at, tag] of tags.entries())
    userGit(folder, 'tag', ...(at % 2 === 0 ? ['-a', '-m', tag] : []), tag);
  userGit(folder, 'branch', 'elsewhere', 'HEAD~1');
  return folder;
}

function place(
  { layout, base, refusal }: Plan,
  seed: string,
): { repository: string; checkout: string | undefined } {
  const top = scratchFolder('placed');
  const at = join(top, 'repository');
  const whole = (repository: string) => ({ repository, checkout: repository });
  const cloned = (...options: readonly string[]) => {
    userGit(top, 'clone', '-q', ...options, '-b', base, `file://${seed}`, at);
    return whole(at);
  };
  switch (layout) {
    case 'plain':
      return whole(seed);
    case 'bare':
      userGit(top, 'clone', '-q', '--bare', seed, at);
      return { repository: at, checkout: undefined };
    case 'bare with a linked working tree': {
      userGit(top, 'clone', '-q', '--bare', seed, join(top, '.bare'));
      writeFileSync(join(top, '.git'), 'gitdir: ./.bare\n');
      userGit(top, 'worktree', 'add', '-q', 'tree', base);
      return { repository: top, checkout: join(top, 'tree') };
    }
    case 'a linked working tree':
      userGit(seed, 'switch', '-q', 'elsewhere');
      userGit(seed, 'worktree', 'add', '-q', at, base);
      return whole(at);
    case 'git folder elsewhere':
      return cloned('--separate-git-dir', join(top, 'git'));
    case 'submodule': {
      const outer = join(top, 'outer');
      userGit(top, 'init', '-q', '-b', 'outer', `--object-format=${objectFormat(refusal)}`, outer);
      userGit(
        outer,
        '-c',
        'protocol.file.allow=always',
        'submodule',
        '--quiet',
        'add',
        '-b',
        base,
        seed,
        'inner',
      );
      commitAll(outer, 'outer');
      userGit(join(outer, 'inner'), 'switch', '-q', base);
      return whole(join(outer, 'inner'));
    }
    case 'clone':
      return cloned();
    case 'shallow clone':
      return cloned('--depth', '2');
    case 'partial clone':
      userGit(seed, 'config', 'uploadpack.allowFilter', 'true');
      return cloned('--filter=blob:none');
    case 'partial clone with the rest fetched':
      userGit(seed, 'config', 'uploadpack.allowFilter', 'true');
      cloned('--filter=blob:none');
      // Its own upkeep would go on beside what comes next, and take folders of objects away.
      userGit(at, '-c', 'maintenance.auto=false', 'fetch', '-q', '--refetch', '--no-filter');
      return whole(at);
  }
}

function takeAnew(checkout: string): void {
  userGit(checkout, 'rm', '-r', '-q', '--cached', '.');
  userGit(checkout, 'reset', '-q', '--hard');
}

function refuse({ refusal, base }: Plan, repository: string): void {
  if (refusal === 'a branch without a commit')
    userGit(repository, 'symbolic-ref', 'HEAD', 'refs/heads/unborn');
  if (refusal === 'the base stands for another branch')
    userGit(repository, 'symbolic-ref', 'refs/heads/stands-for', `refs/heads/${base}`);
  if (refusal === 'a branch in the way') userGit(repository, 'branch', 'pawl', `refs/heads/${base}`);
}

/** @returns how to end it */
function begin({ checkout: state, base, agent }: Plan, folder: string): () => void {
  const inFolder = (...args: readonly string[]) => userGit(folder, ...args);
  const back = () => inFolder('reset', '-q', '--hard');
  const home = () => inFolder('switch', '-q', '--discard-changes', base);
  const put = (path: string) => applyEdits(folder, [write(path, 'mine\n')]);
  const first = agent[0]?.path ?? 'kept';
  switch (state) {
    case 'clean':
      return () => undefined;
    case 'another branch':
      inFolder('switch', '-q', '-c', 'mine');
      return home;
    case 'detached':
      inFolder('switch', '-q', '--detach');
      return home;
    case 'other changes':
      put('other.txt');
      return back;
    case 'changes of the same file':
      applyEdits(folder, [{ kind: 'write', path: first, bytes: Buffer.from('mine\n').toString('base64') }]);
      // Where it is a new one, git knows nothing of it.
      inFolder('add', '--all', '--', '.', ':(exclude)vendor');
      return back;
    case 'staged':
      put('staged.txt');
      inFolder('add', 'staged.txt');
      return back;
    case 'a file in the way':
      for (const path of ['new.txt', 'src/new.txt', 'moved/here.txt']) put(path);
      return () => {
        for (const path of ['new.txt', 'src/new.txt', 'moved/here.txt'])
          rmSync(join(folder, path), { force: true });
      };
    case 'an unknown file':
      put('unknown.txt');
      return () => undefined;
    case 'a merge under way':
      otherBranch(folder, base, 'kept');
      fails(folder, 'merge', '-q', 'theirs');
      return () => inFolder('merge', '--abort');
    case 'a cherry-pick under way':
      otherBranch(folder, base, 'kept');
      fails(folder, 'cherry-pick', 'theirs');
      return () => inFolder('cherry-pick', '--abort');
    case 'a rebase of another branch':
      otherBranch(folder, base, 'kept');
      inFolder('switch', '-q', 'theirs');
      fails(folder, 'rebase', '-q', `refs/heads/${base}`);
      return () => {
        inFolder('rebase', '--abort');
        home();
      };
    case 'a rebase of the base':
      otherBranch(folder, base, 'kept');
      fails(folder, 'rebase', '-q', 'theirs');
      return () => inFolder('rebase', '--abort');
    case 'a bisect':
      inFolder('bisect', 'start');
      return () => inFolder('bisect', 'reset');
    case 'an index lock': {
      const lock = inFolder('rev-parse', '--path-format=absolute', '--git-path', 'index.lock');
      writeFileSync(lock, '');
      return () => rmSync(lock);
    }
    case 'sparse':
      inFolder('sparse-checkout', 'set', '--no-cone', '/*', '!src/');
      return () => inFolder('sparse-checkout', 'disable');
  }
}

/** Two branches that change one file each in its own way: `theirs`, and the base by a commit more. */
function otherBranch(folder: string, base: string, path: string): void {
  userGit(folder, 'switch', '-q', '-c', 'theirs');
  applyEdits(folder, [write(path, 'theirs\n')]);
  userGit(folder, 'commit', '-q', '-m', 'theirs', '--', path);
  userGit(folder, 'switch', '-q', base);
  applyEdits(folder, [write(path, 'ours\n')]);
  userGit(folder, 'commit', '-q', '-m', 'ours', '--', path);
}

/** What stops half-way, as it should. */
function fails(folder: string, ...args: readonly string[]): void {
  try {
    userGit(folder, ...args);
  } catch {
    return;
  }
  throw new Error(`git ${args.join(' ')} was to stop at a conflict`);
}
