/** What the engine sees where it looks at a project for an execution. Real git, real programs, and each kind of bad input. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFiles, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { errorsIn, execution, lookRig } from './look-rig.ts';

const sh = (script: string) => ['sh', '-c', script];
const BASE = { 'a.txt': 'a\n', 'test/a.test.sh': 'exit 0\n', '.gitignore': 'ignored/\nnode_modules/\n' };

describe('a look', () => {
  it('is at the commit that is checked out, and judges each kind of guarantee by it', async () => {
    const { look, repository } = lookRig(BASE);
    const commit = commitFiles(repository, {
      'a.txt': 'changed\n',
      'docs/plan.md': '# Plan\n\n## Risks\nnone\n',
    });
    put(repository, { 'ignored/report.txt': 'r', 'b.txt': 'not committed' });
    const seen = await look({
      deliverables: ['ignored/report.txt', '../outside'],
      checks: [{ name: 'there', run: sh('test -f docs/plan.md && ! test -e b.txt') }],
      guarantees: [
        { id: 'files', deliverable: 'docs/**', changed: true },
        { id: 'too-few', deliverable: '**/*.txt', at_least: 2 },
        {
          id: 'text',
          content: 'docs/*.md',
          pattern: '^## Risks$',
          sections: ['Plan'],
          lines: { at_most: 4 },
        },
        { id: 'made', proof: 'file_created', path: 'docs/plan.md' },
        { id: 'changed', proof: 'file_modified', path: 'a.txt' },
        { id: 'report', proof: 'artifact_generated', path: 'ignored/*.txt' },
        { id: 'tests', proof: 'test_passed', run: 'sh test/a.test.sh' },
        { id: 'ran', proof: 'command_executed', run: sh('exit 3') },
        { id: 'lines', quality: 'lines', run: sh('echo of; wc -l < docs/plan.md'), is: '>= 4' },
        { id: 'person', proof: 'human_verified' },
        { id: 'clean', git: 'worktree_clean' },
        { id: 'committed', git: 'no_uncommitted' },
      ],
    });
    expect(errorsIn(seen)).toEqual({
      ...{ files: '', text: '', made: '', changed: '', report: '', tests: '', ran: '', lines: '' },
      'too-few': 'expected at least 2 files in **/*.txt, found 1: a.txt',
      person: 'expected the word of a person: somebody who may approve resolves person',
      clean: 'expected nothing that is not committed or ignored, found b.txt',
      committed: '',
    });
    expect(seen.commit).toBe(commit);
    expect(seen.guarantees.every((one) => one.commit === commit)).toBe(true);
    expect(seen.evidence).toMatchObject([{ name: 'there', passed: true, commit }]);
  });

  it('makes no space of checks where nothing is to run, and leaves the project as it was', async () => {
    const { look, repository, places } = lookRig(BASE);
    const before = userGit(repository, 'status', '--porcelain=v2', '--branch');
    await look({ guarantees: [{ deliverable: 'a.txt' }, { git: 'worktree_clean' }] });
    expect(existsSync(places.checks)).toBe(false);
    expect(userGit(repository, 'status', '--porcelain=v2', '--branch')).toBe(before);
    expect(userGit(repository, 'for-each-ref', 'refs/pawl')).toBe('');
  });

  it('sets up as the base commit says, whatever the work has made of that, and tells programs whose they are', async () => {
    const { look, repository, endLooks, places } = lookRig({
      ...BASE,
      'pawl.yaml': 'setup: [sh, -c, mkdir -p node_modules && echo base > node_modules/by]\n',
    });
    commitFiles(repository, { 'pawl.yaml': 'setup: [sh, -c, echo evil > node_modules/by]\n' });
    const run = sh('echo "$PAWL_EXECUTION|$PAWL_TASK|$PAWL_BASE_COMMIT|$PAWL_PROCESS"; cat node_modules/by');
    const seen = await look({ checks: [{ name: 'by', run }] });
    const [first] = seen.evidence;
    expect(first?.tail).toMatch(/^x_fix-1\|\|[0-9a-f]{40}\|.*\/x_fix-1\/check\nbase\n$/);
    expect(existsSync(join(places.checks, `${execution}-check`))).toBe(true);
    for (const _ of [1, 2]) await endLooks();
    expect(existsSync(join(places.checks, `${execution}-check`))).toBe(false);
  });

  it('has what pawl.yaml copies of the project beside each commit, and says nothing of what is in it', async () => {
    const copied = 'LOCAL_KEY=only-here-a81b2c3d4e5f\n';
    const { look, repository, endLooks, places } = lookRig({
      ...BASE,
      '.gitignore': '.env.local\n',
      'pawl.yaml': 'copy: [.env.local]\n',
    });
    put(repository, { '.env.local': copied });
    const checks = [
      { name: 'copied', run: sh('test -f .env.local && cat .env.local && git status --short') },
    ];
    for (const text of ['one', 'two']) {
      commitFiles(repository, { 'a.txt': text });
      const seen = await look({ checks });
      expect(seen.evidence).toMatchObject([{ passed: true }]);
      expect(JSON.stringify(seen)).not.toContain('only-here');
    }
    await endLooks();
    expect(existsSync(join(places.copied, `${execution}.json`))).toBe(false);
    rmSync(join(repository, '.env.local'));
    await expect(look({ checks })).rejects.toMatchObject({ nonRetryable: true });
  });

  it('judges twice what the work has changed of tests, and measures it with its own tests', async () => {
    const { look, repository } = lookRig({ ...BASE, 'test/a.test.sh': 'grep -q a a.txt\n' });
    commitFiles(repository, { 'a.txt': 'broken\n', 'test/a.test.sh': 'exit 0\n', 'test/b.test.sh': 'b\n' });
    const run = sh('sh test/a.test.sh && ! grep -q broken a.txt || test "$(cat test/a.test.sh)" = "exit 0"');
    const seen = await look({
      checks: [{ name: 'tests', run: ['sh', 'test/a.test.sh'] }],
      guarantees: [
        { id: 'tests', proof: 'test_passed', run },
        { id: 'count', quality: 'tests', run: sh('ls test | wc -l'), is: '== 2' },
      ],
    });
    expect(seen.evidence.map(({ name, passed }) => `${name} ${passed}`)).toEqual([
      'tests true',
      'tests false',
    ]);
    expect(errorsIn(seen)).toMatchObject({
      tests: expect.stringMatching(/exit status 1, with .* as in the base commit/),
      count: '',
    });
  });

  it('has the whole of what a command printed in the artifact store, and its end in words', async () => {
    const { look, deps } = lookRig(BASE);
    const seen = await look({
      guarantees: [{ id: 'g', quality: 'noise', run: sh('seq 1 200000; echo no'), is: '> 1' }],
    });
    const [found] = seen.guarantees;
    expect(found?.errors).toEqual([
      expect.stringContaining('found no number in the last line of its output, "no"'),
    ]);
    expect(JSON.stringify(seen).length).toBeLessThan(2_000);
    const whole = await deps.artifacts.read(found?.output ?? '');
    expect(whole?.toString('utf8')).toMatch(/^1\n2\n3\n/);
  });

  it('says no secret of the environment', async () => {
    const secret = 'very-secret-a81b2c3d4e5f';
    const { look, places, repository } = lookRig(BASE);
    put(places.home, { '.env': `SOME_TOKEN=${secret}\n` });
    commitFiles(repository, { 'leak.txt': `${secret}\n` });
    const seen = await look({
      checks: [{ name: 'leak', run: sh('cat leak.txt; exit 1') }],
      guarantees: [{ quality: 'leak', run: sh('cat leak.txt'), is: '> 1' }],
    });
    expect(JSON.stringify(seen)).not.toContain(secret);
  });
});

describe('a look that is cut off', () => {
  it('ends its programs, and is made again from the beginning', async () => {
    const { look, marks, repository } = lookRig(BASE);
    const pid = join(scratchFolder('pid'), 'pid');
    commitFiles(repository, { 'a.txt': 'changed\n' });
    const begun = (async () => {
      // The shell makes the file a moment before it writes to it.
      while (!existsSync(pid) || readFileSync(pid, 'utf8') === '')
        await new Promise((resolve) => setTimeout(resolve, 20));
    })();
    const hanging = sh(`echo $$ > ${pid}; sleep 600; echo 1`);
    const guarantees = [{ id: 'g', quality: 'q', run: hanging, is: '> 0' }];
    await expect(look({ guarantees }, { after: begun })).rejects.toThrow();
    const left = Number(readFileSync(pid, 'utf8'));
    expect(() => process.kill(left, 0)).toThrow('ESRCH');
    const again = await look({ guarantees: [{ ...guarantees[0], run: sh('echo 1') }] });
    expect(errorsIn(again)).toEqual({ g: '' });
    expect(new Set(marks).size).toBe(1);
  });

  it('leaves nothing half-made that the next one would take for whole', async () => {
    const { look, deps, places, repository } = lookRig({
      ...BASE,
      'pawl.yaml': 'setup: [touch, node_modules]\n',
    });
    commitFiles(repository, { 'a.txt': 'changed\n' });
    const checks = [{ name: 'x', run: sh('grep -q changed a.txt && test -e node_modules') }];
    const cuts = ['bring', 'fileAt', 'changes', 'linksOut'] as const;
    for (const cut of cuts) {
      const { projects } = deps;
      const failing = { ...projects, [cut]: async () => Promise.reject(new Error('killed')) };
      Object.assign(deps, { projects: failing });
      await expect(look({ checks })).rejects.toThrow('killed');
      Object.assign(deps, { projects });
    }
    rmSync(join(places.checks, `${execution}-check`, '.git'), { recursive: true, force: true });
    const seen = await look({ checks });
    expect(seen.evidence).toMatchObject([{ passed: true }]);
  });

  it('is over in time where a check hangs', async () => {
    const { look } = lookRig(BASE);
    const checks = [{ name: 'hang', run: sh('sleep 600'), timeoutSeconds: 1 }];
    const seen = await look({ checks });
    expect(seen.evidence).toMatchObject([{ name: 'hang', passed: false, exitCode: null }]);
  });
});
