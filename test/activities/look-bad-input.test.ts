/** What a look makes of bad input: each said in words, and none of it runs, reads or hangs where it must not. */
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commitFiles, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { errorsIn, lookRig } from './look-rig.ts';

const BASE = { 'a.txt': 'a\n', 'test/a.test.sh': 'exit 0\n' };

it('bad input: a start that is none of this home’s, or of another workflow, is refused before anything is done', async () => {
  const { look, places } = lookRig(BASE);
  const trap = join(scratchFolder('trap'), 'sprung');
  const checks = [{ name: 'trap', run: ['touch', trap] }];
  for (const start of [{ spec: 'x' }, { spec: 'x', seal: 'made up' }, { spec: 'x', seal: 7 }])
    await expect(look({ checks, start })).rejects.toMatchObject({
      ...{ type: 'rejected', nonRetryable: true },
      message: expect.stringContaining('found x_fix-1 started past it'),
    });
  const foreign = look({ checks }, { workflowId: 'x_other' });
  await expect(foreign).rejects.toMatchObject({ type: 'rejected' });
  expect([trap, places.mirrors, places.checks].filter((path) => existsSync(path))).toEqual([]);
});

it('bad input: a project that is gone or has no commit is final, and says what to do', async () => {
  const { look } = lookRig(BASE);
  const unborn = scratchFolder('unborn');
  userGit(unborn, 'init', '-q');
  const final = { type: 'git', nonRetryable: true };
  await expect(look({ project: unborn })).rejects.toMatchObject({
    ...final,
    message: expect.stringContaining('commit the work there'),
  });
  await expect(look({ project: join(unborn, 'gone') })).rejects.toMatchObject({
    ...final,
    message: expect.stringContaining('does not exist'),
  });
});

it('bad input: a base whose pawl.yaml cannot be read is final where programs are to run, and nothing where none is', async () => {
  const { look } = lookRig({ ...BASE, 'pawl.yaml': 'setup: [\n' });
  await expect(look({ checks: [{ name: 'x', run: ['true'] }] })).rejects.toMatchObject({
    nonRetryable: true,
    message: expect.stringContaining('pawl.yaml'),
  });
  expect(errorsIn(await look({ guarantees: [{ id: 'a', deliverable: 'a.txt' }] }))).toEqual({ a: '' });
});

it('bad input: set-up is a failed check where the work has broken it, and ends the look where the base is broken too', async () => {
  const { look, repository } = lookRig({ ...BASE, 'pawl.yaml': 'setup: [sh, -c, test -f a.txt]\n' });
  rmSync(join(repository, 'a.txt'));
  commitFiles(repository, { 'package.json': '{}' });
  const guarantees = [{ id: 'g', quality: 'q', run: 'echo 1', is: '> 0' }];
  const seen = await look({ checks: [{ name: 'x', run: ['true'] }], guarantees });
  expect(seen.evidence).toMatchObject([{ name: 'set-up', passed: false }]);
  expect(errorsIn(seen)).toEqual({
    g: expect.stringContaining('found that nothing could run: set-up `sh -c test -f a.txt` exited with 1'),
  });
  const broken = lookRig({ ...BASE, 'pawl.yaml': 'setup: [sh, -c, exit 4]\n' });
  await expect(broken.look({ guarantees })).rejects.toMatchObject({ type: 'setup_failed' });
});

it('bad input: a commit with a link that leads out is a failed check in words, and follows it nowhere', async () => {
  const { look, repository } = lookRig(BASE);
  symlinkSync('/etc', join(repository, 'out'));
  commitFiles(repository, {});
  const seen = await look({
    checks: [{ name: 'x', run: ['true'] }],
    guarantees: [
      { id: 'file', deliverable: 'out/**' },
      { id: 'link', proof: 'artifact_generated', path: 'out' },
      { id: 'run', proof: 'test_passed', run: 'true' },
    ],
    deliverables: ['out/hostname', 'out'],
  });
  expect(seen.evidence).toMatchObject([{ passed: false, tail: expect.stringContaining('out -> /etc') }]);
  const errors = errorsIn(seen);
  expect(errors.file).toContain('found none');
  expect(errors.link).toContain('found none in the commit');
  expect(errors.run).toContain('out -> /etc');
});

it('bad input: a pattern and a glob that never end costs seconds', async () => {
  const { look, repository } = lookRig(BASE);
  commitFiles(repository, { 'slow.txt': `${'a'.repeat(50)}b\n`, [`${'a'.repeat(150)}c`]: '' });
  const seen = await look({
    guarantees: [
      { id: 'pattern', content: 'slow.txt', pattern: '^(a+)+$' },
      { id: 'glob', deliverable: `${'*a'.repeat(8)}b` },
    ],
  });
  expect(errorsIn(seen).pattern).toContain('takes too long');
  expect(errorsIn(seen).glob).toContain('takes too long');
}, 30_000);
