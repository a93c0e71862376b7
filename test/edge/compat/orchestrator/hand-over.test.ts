/** What is written down for whoever takes the work over. */
import { expect, it } from 'vitest';
import { handOver } from '../../../../src/edge/compat/orchestrator/hand-over.ts';
import { doneRow, rowOf } from './rows.ts';

it('says that there is nothing', () => {
  expect(handOver('/home/ann/shop', [], [])).toBe(
    '# Where the work of /home/ann/shop stands\n\nThere are no tasks.',
  );
});

it('tells each task once, by where it stands, and what is wrong', () => {
  const rows = [
    rowOf('a'),
    rowOf('b', { status: 'in_progress' }),
    rowOf('c', { status: 'awaiting_gate' }),
    rowOf('d', { status: 'blocked', plan: { dependencies: ['a'] } }),
    doneRow('e', 1, { summary: 'It works.\nAll of it.' }),
    doneRow('f', 1, { status: 'failed', summary: 'It does not.' }),
    doneRow('g', 1, { status: 'cancelled' }),
  ];
  const findings = [{ task_id: 'b', issue: 'in progress without a word for long', advice: 'look' }];
  expect(handOver('/shop', rows, findings)).toBe(`# Where the work of /shop stands

## In progress

- Do b (b, in_progress)
- Do c (c, in_progress)

## Ready

- Do a (a, pending)

## Blocked

- Do d (d, blocked)

## Done

- Do e (e, completed): It works. All of it.

## Ended without being completed

- Do f (f, failed): It does not.
- Do g (g, cancelled)

## Issues

- b: in progress without a word for long`);
});

it('keeps its form whatever titles and summaries are made of', () => {
  const text = handOver(
    '/sh#op',
    [doneRow('a', 1, { title: '# Not\n## a\n- heading', summary: '<!-- hidden' })],
    [],
  );
  expect(text).toBe(String.raw`# Where the work of /sh\#op stands

## Done

- \# Not \#\# a - heading (a, completed): \<!-- hidden`);
});
