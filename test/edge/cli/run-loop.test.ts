/** `pawl run --loop`: what the engine is asked for, and what is refused before it is asked. */
import { expect, it } from 'vitest';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';

const ask = async (...args: readonly string[]) => {
  const fake = fakeEngine();
  const told = await pawl(['run', ...args], { fake });
  const begins = ['run', 'startExecution'];
  return { ...told, started: fake.calls.find(({ name }) => begins.includes(name))?.input };
};

it.each([
  [
    'a text is the one input that has to be given',
    ['Cancel orders', '--loop', 'feature'],
    { goal: 'Cancel orders' },
  ],
  [
    'inputs by name, by their types',
    ['--loop', 'feature', '--input', 'goal=Cancel orders', '--input', 'size=l'],
    { goal: 'Cancel orders', size: 'l' },
  ],
])('%s', async (_, args, inputs) => {
  expect((await ask(...args, '--id', 'x_feature-1')).started).toMatchObject({
    ...{ id: 'x_feature-1', loop: 'feature', driver: 'engine', inputs },
  });
});

it('its tasks are as urgent as is said', async () => {
  const { started } = await ask('Cancel orders', '--loop', 'feature', '--priority', 'low');
  expect(started).toMatchObject({ loop: 'feature', priority: 'low' });
});

it('is called by the first line of the text', async () => {
  const { started } = await ask(' Cancel orders\nand tell why', '--loop', 'feature');
  expect(started).toMatchObject({ title: 'Cancel orders' });
});

it('shows the plan and starts nothing where it is to be tried dry', async () => {
  const { code, out, started } = await ask('Cancel orders', '--loop', 'feature', '--dry-run');
  expect({ code, started }).toEqual({ code: 0, started: undefined });
  expect(out).toContain('Nothing was started.');
});

it('shows with the plan what it would be begun with, and what is still to be given', async () => {
  const dry = (...args: readonly string[]) => ask('--loop', 'feature', '--dry-run', ...args);
  const { out } = await dry('--input', 'goal=Cancel orders', '--priority', 'high');
  expect(out).toContain('goal: string, required, given "Cancel orders" (What for)\n');
  expect(out).toContain('size: enum(s, l), default "s"\n');
  expect(out).toContain('  priority high\n');
  const { code, out: open } = await dry();
  expect([code, open]).toEqual([
    0,
    expect.stringContaining('goal: string, required, still to be given (What for)\n'),
  ]);
  expect(open).not.toContain('priority');
});

it.each([
  [['--input', 'size=m'], 'inputs.size: expected enum(s, l), got "m"'],
  [['--input', 'gaol=x'], 'inputs.gaol: feature has no such input: expected one of goal, size'],
])('tried dry with %j it is refused as it would be', async (args, words) => {
  const { code, err } = await ask('--loop', 'feature', '--dry-run', ...args);
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
});

it('shows how urgent a single run would be', async () => {
  expect((await ask('--dry-run', '--priority', 'low')).out).toMatch(/^ {2}priority +low$/m);
  expect((await ask('--dry-run')).out).not.toContain('priority');
});

it('shows what a single run would be and starts nothing', async () => {
  const { code, out, started } = await ask('--dry-run', '--max-cost', '2');
  expect({ code, started }).toEqual({ code: 0, started: undefined });
  expect(out).toMatch(/check +test: npm test/);
  expect(out).toContain('Nothing was started.');
});

it.each([
  [[], 'requirement: expected what should be done'],
  [['a text', '--input', 'a=b', '--agent', 'mine'], '--input: expected --loop'],
  [['--loop', 'feature', '--agent', 'claude', '--max-cost', '2'], '--agent, --max-cost: expected none of it'],
  [['a text', '--loop', 'feature', '--input', 'goal=b'], 'expected one text'],
])('%j is refused, and nothing is started', async (args, words) => {
  const { code, err, started } = await ask(...args);
  expect({ code, started }).toEqual({ code: 2, started: undefined });
  expect(err).toContain(words);
});
