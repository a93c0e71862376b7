/**
 * Variations of the sample in which nothing may be merged: a fault that the agent cannot mend, nothing to mend, and
 * agents that mend what judges their work instead of the work.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSample } from '../../src/adapters/repository/sample-repository.ts';
import { TaskState } from '../../src/domain/task-state.ts';
import { commitFiles, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { agent, type EngineRig, lastDocument, quoted, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const ROOT = join(import.meta.dirname, '..', '..');
const BIOME = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
const LINTER = [process.execPath, BIOME, 'lint', '--write', '--unsafe'];

async function sampleWith(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const repository = join(scratchFolder('sample'), 'sample');
  await makeSample(join(ROOT, 'examples', 'sample'), repository);
  if (Object.keys(files).length > 0) commitFiles(repository, files);
  return repository;
}

/** Runs with `--json --yes`; answers what it told and the state of the task in the end. */
async function run(repository: string, command: readonly string[], ...more: readonly string[]) {
  const before = userGit(repository, 'rev-parse', 'main');
  const args = ['run', 'Make the tests pass', '--repo', repository, '--agent-command', quoted(command)];
  const { code, out, err } = await rig.pawl([...args, '--json', '--yes', ...more]);
  const { task, ...others } = lastDocument(out);
  expect(others).toEqual({});
  const state = TaskState.parse(task);
  if (code !== 0) expect(userGit(repository, 'rev-parse', 'main')).toBe(before);
  return { code, out, err, state };
}

const evidenceOf = ({ gates }: TaskState) => gates.flatMap(({ evidence = [] }) => evidence);

describe('a task on the sample', () => {
  it('ends as run --json promises', async () => {
    const repository = await sampleWith();
    const { code, out, state } = await run(repository, LINTER);
    expect(code).toBe(0);
    for (const line of out.split('\n')) expect(Object.keys(JSON.parse(line))).toEqual(['task']);
    expect(state).toMatchObject({
      id: expect.stringMatching(/^make-the-tests-pass-[a-z0-9]{4}$/),
      status: 'completed',
      attempts: [{ number: 1, outcome: 'done' }],
      gates: [
        { gate: 'check', status: 'passed', evidence: [{ name: 'npm test', exitCode: 0 }] },
        { gate: 'approval', status: 'approved', via: 'cli' },
      ],
      pullRequest: { number: 1, flagged: [] },
      mergedCommit: userGit(repository, 'rev-parse', 'main'),
      failure: null,
    });
  });

  it('fails with the failing output when the fault cannot be mended', async () => {
    const repository = await sampleWith({
      'test/impossible.test.js': `import { test } from 'node:test';
test('impossible', () => { throw new Error('two is not three'); });\n`,
    });
    const { code, err, state } = await run(repository, LINTER);
    expect(code).toBe(1);
    expect(state).toMatchObject({
      status: 'failed',
      failure: { class: 'check_failed', output: expect.stringContaining('two is not three') },
      mergedCommit: null,
      pullRequest: null,
    });
    expect(err).toContain('two is not three');
    const shown = await rig.pawl(['show', state.id]);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('two is not three') });
  });

  it('ends no_change when there is nothing to mend', async () => {
    const first = await sampleWith();
    expect(await run(first, LINTER)).toMatchObject({ code: 0 });
    expect(await run(first, LINTER)).toMatchObject({
      code: 1,
      state: { status: 'failed', failure: { class: 'no_change' }, pullRequest: null, mergedCommit: null },
    });
  });
});

describe('an agent that mends what judges it', () => {
  it.each([
    { way: 'tests', restored: 'test/parse-price.test.js' },
    { way: 'script', restored: 'the scripts and settings of package.json' },
    { way: 'pretest', restored: 'the scripts and settings of package.json' },
    { way: 'npmrc', restored: 'no .npmrc' },
  ])('by $way passes only until the base commit is asked', async ({ way, restored }) => {
    const { code, err, state } = await run(await sampleWith(), agent('cheats', way));
    expect({ code, status: state.status, merged: state.mergedCommit }).toEqual({
      code: 1,
      status: 'failed',
      merged: null,
    });
    expect(state.failure?.class).toBe('check_failed');
    const [asLeft, asInBase] = evidenceOf(state);
    expect(asLeft).toMatchObject({ passed: true });
    expect(asInBase).toMatchObject({ passed: false, restored: expect.arrayContaining([restored]) });
    expect(err).toContain('base commit');
  });

  it('by pawl.yaml gains nothing: the check is that of the base commit', async () => {
    const { code, state } = await run(await sampleWith(), agent('cheats', 'yaml'));
    expect({ code, failure: state.failure?.class }).toEqual({ code: 1, failure: 'check_failed' });
    expect(evidenceOf(state)[0]).toMatchObject({ name: 'npm test', passed: false });
  });

  it('and mends the work as well is shown to the person who approves', async () => {
    const repository = await sampleWith();
    const both = `import('${agent('cheats', 'yaml')[1]}').then(() =>
      require('node:child_process').execFileSync(process.execPath, ${JSON.stringify(LINTER.slice(1))}))`;
    const script = scratchFolder('agent');
    put(script, { 'both.cjs': both });
    const { code, state } = await run(repository, [process.execPath, join(script, 'both.cjs'), 'yaml']);
    expect(code).toBe(0);
    expect(state.pullRequest?.flagged).toEqual(['pawl.yaml']);
    expect((await rig.pawl(['show', state.id])).out).toContain('pawl.yaml');
  });
});
