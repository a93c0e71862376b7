/** `npm start -- --exit --yes` as a newcomer types it: once, again, and after the sample was put back. */
import { readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { programsOnPath } from '../../scripts/setup/cache.mjs';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { attach, createRig, lastDocument } from './rig.ts';

const rig = createRig();
afterAll(() => rig.close());

const START = ['start', '--exit', '--yes'];
const { sample } = rig.places;
const tip = () => userGit(sample, 'rev-parse', 'main');
const pullRequests = () => readdirSync(rig.places.pullRequests, { recursive: true }).sort();

/** Runs `npm test` in a clone of a bare clone, with the Node in this folder. */
async function testsOfTheResult(nodeFolder: string) {
  const folder = scratchFolder('clones');
  userGit(folder, 'clone', '-q', '--bare', sample, 'bare.git');
  userGit(folder, 'clone', '-q', '--branch', 'main', 'bare.git', 'work');
  const path = [nodeFolder, process.env.PATH].join(delimiter);
  return execa('npm', ['test'], { cwd: join(folder, 'work'), env: { PATH: path }, reject: false });
}

/** Every Node here: this one, and an older one where the machine has it. */
const nodes = [dirname(process.execPath), ...programsOnPath('node').map((path) => dirname(path))];

describe('the sample', () => {
  it('is merged by the first start', async () => {
    const { code, out, err } = await rig.pawl(START);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('✔ merged');
    expect(out).toContain('Temporal Web UI  http://127.0.0.1:');
    expect(userGit(sample, 'status', '--porcelain')).toBe('');
    expect(userGit(sample, 'rev-list', '--count', '--merges', 'main')).toBe('1');
  });

  it.each(nodes)('has tests that pass with the Node in %s', async (folder) => {
    expect(await testsOfTheResult(folder)).toMatchObject({ exitCode: 0 });
  });

  it('is left alone by further starts: no run, no commit, no pull request', async () => {
    const before = { tip: tip(), all: pullRequests() };
    expect(await rig.pawl(START)).toMatchObject({ code: 0, out: expect.stringContaining('merged already') });
    expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
    const engine = await attach(rig);
    try {
      const runs = () => engine.client.workflow.count();
      expect((await runs()).count).toBe(1);
      const again = await rig.pawl([...START, '--json']);
      expect(again).toMatchObject({ code: 0 });
      expect(lastDocument(again.out)).toMatchObject({ task: { id: 'make-green-1', status: 'completed' } });
      expect((await runs()).count).toBe(1);
    } finally {
      await engine.leave();
    }
    expect({ tip: tip(), all: pullRequests() }).toEqual(before);
  });

  it('is done again when its main branch was put back', async () => {
    const merged = tip();
    const first = userGit(sample, 'rev-list', '--max-parents=0', 'main');
    userGit(sample, 'reset', '-q', '--hard', first);
    expect(await rig.pawl(START)).toMatchObject({ code: 0, out: expect.stringContaining('✔ merged') });
    expect(tip()).not.toBe(merged);
    expect(pullRequests().filter((name) => String(name).endsWith('.json'))).toHaveLength(2);
    expect(await testsOfTheResult(dirname(process.execPath))).toMatchObject({ exitCode: 0 });
  });
});
