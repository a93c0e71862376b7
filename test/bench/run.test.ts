/** That `npm run bench` still measures everything it names. What it finds is nobody's promise but the counts. */
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { Figure } from '../../bench/figures.ts';
import { findBrowser } from '../../scripts/browser/find.mjs';

const BENCH = join(import.meta.dirname, '..', '..', 'bench', 'run.ts');

it('prints one JSON document with a figure for every row', async () => {
  const { stdout } = await execa(process.execPath, [BENCH, '--quick', '--json']);
  const { quick, figures }: { quick: boolean; figures: Figure[] } = JSON.parse(stdout);
  expect(quick).toBe(true);
  const figureOf = (group: RegExp, name: string) =>
    figures.find((figure) => group.test(figure.group) && figure.name === name)?.value;
  for (const figure of figures) {
    expect(figure).toMatchObject({
      group: expect.any(String),
      name: expect.any(String),
      value: expect.any(Number),
    });
  }
  expect(figureOf(/history of a client-driven task/, 'events')).toBeLessThanOrEqual(19);
  expect(figureOf(/history of an agent-run task/, 'events')).toBeLessThanOrEqual(50);
  expect(figureOf(/calls to Temporal in 1 s of rest/, 'all')).toBe(0);
  for (const how of [/one at a time/, /20 in parallel/]) {
    for (const name of ['Pawl', 'bare SDK workflow', 'Pawl : bare']) {
      expect(figureOf(how, name), name).toBeGreaterThan(0);
    }
  }
  expect(figureOf(/^requirement to merged/, 'median of 1')).toBeGreaterThan(0);
  expect(figureOf(/^the step that checks/, 'without set-up')).toBeGreaterThan(0);
  expect(figureOf(/^an attempt of a program of Node/, 'Pawl : bare')).toBeGreaterThan(0);
  expect(figureOf(/^memory of the engine/, '20 tasks open')).toBeGreaterThan(0);
  expect(figureOf(/^from an answered gate/, 'phase started, p50')).toBeGreaterThan(0);
  expect(figureOf(/^5 executions of two skills/, 'executions')).toBeGreaterThan(0);
  expect(figureOf(/^a loop of 3 items/, 'events of its history')).toBeGreaterThan(0);
  // Elsewhere it is left out.
  if (findBrowser() !== undefined) {
    expect(figureOf(/^first paint of the live page/, 'p50')).toBeGreaterThan(0);
    expect(figureOf(/^from an agent's line to the live page/, 'p50 of 5')).toBeGreaterThan(0);
    expect(figureOf(/^JS heap of the board/, 'feed events, 20 wanted')).toBeGreaterThan(0);
    expect(figureOf(/^from a key in the board's search/, 'p95')).toBeGreaterThan(0);
  }
  for (const tasks of [100, 200]) {
    const calls = new RegExp(`^one call over MCP stdio, ${tasks} tasks`);
    for (const call of ['plan', 'update', 'complete', 'query of 100', 'get_status']) {
      expect(figureOf(calls, `${call} p50`), call).toBeGreaterThan(0);
      expect(figureOf(calls, `${call} p95`), call).toBeGreaterThan(0);
    }
    expect(figureOf(calls, '50 plans at once, all')).toBeGreaterThan(0);
  }
  expect(figureOf(/^tool list/, 'core, 8 tools')).toBeLessThanOrEqual(2_500);
  for (const program of ['MCP adapter', 'engine', 'Temporal']) {
    expect(figureOf(/^memory with 200 tasks/, program), program).toBeGreaterThan(0);
  }
}, 600_000);

it('measures one part alone, in a table that people read', async () => {
  const { stdout, stderr } = await execa(process.execPath, [BENCH, '--quick', '--only', 'history']);
  expect(stdout).toMatch(/^ {2}events +19 events/m);
  expect(stderr.split('\n').filter((line) => line.endsWith(' …'))).toEqual(['history …']);
});

it.skipIf(findBrowser({}) !== undefined)(
  'says that it leaves out the live page where there is no browser, and ends well',
  async () => {
    const PATH = dirname(process.execPath);
    const { stdout, stderr } = await execa(process.execPath, [BENCH, '--quick', '--json', '--only', 'page'], {
      env: { PATH, PAWL_BROWSER: '' },
    });
    expect(stderr).toContain('the live page is left out: there is no Chromium');
    expect(JSON.parse(stdout)).toEqual({ quick: true, figures: [], failed: [] });
  },
);

it('goes on when a part fails, names it, and does not end well', async () => {
  // Where no file can be made, no part that needs a folder can be measured.
  const env = { TMPDIR: join(import.meta.dirname, 'not', 'there') };
  const { exitCode, stdout } = await execa(
    process.execPath,
    [BENCH, '--quick', '--json', '--only', 'memory,mcp'],
    {
      env,
      reject: false,
    },
  );
  expect(exitCode).toBe(1);
  const { figures, failed } = JSON.parse(stdout);
  expect(figures).toEqual([]);
  expect(failed).toMatchObject([{ part: 'memory' }, { part: 'mcp' }]);
});

it('refuses a part that there is not', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [BENCH, '--only', 'speed'], { reject: false });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('no part speed');
});

it('refuses what is no number of seconds', async () => {
  const args = [BENCH, '--only', 'page', '--page-seconds', '30m'];
  const { exitCode, stderr } = await execa(process.execPath, args, { reject: false });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('expected whole seconds from 1 to 99999, got 30m');
});

it('refuses an option it does not know', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [BENCH, '--fast'], { reject: false });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('--fast');
});
