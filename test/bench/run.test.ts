/** That `npm run bench` still measures everything it names. What it finds is nobody's promise but the counts. */
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { Figure } from '../../bench/figures.ts';

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
}, 180_000);

it('measures one part alone, in a table that people read', async () => {
  const { stdout, stderr } = await execa(process.execPath, [BENCH, '--quick', '--only', 'history']);
  expect(stdout).toMatch(/^ {2}events +19 events/m);
  expect(stderr.split('\n').filter((line) => line.endsWith(' …'))).toEqual(['history …']);
});

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

it('refuses an option it does not know', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [BENCH, '--fast'], { reject: false });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('--fast');
});
