/** What the parts of a task came to, in words. */
import { expect, it } from 'vitest';
import { type Part, reportOf } from '../../../../src/edge/compat/orchestrator/parts-report.ts';
import { doneRow, rowOf } from './rows.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const ADDRESS = `pawl://artifacts/${DIGEST}`;
const by = (specialist: string) => ({ plan: { specialist } });
const ENDS = ['completed', 'failed', 'cancelled'] as const;

it.each<[string, Part[], string]>([
  [
    'of a task without parts what it came to itself',
    [doneRow('whole', 1, { title: 'The whole', summary: 'Done.' })],
    `## Overall summary

1 task: 1 completed. Completed by generic (1).

## generic

### The whole (whole)

> Done.`,
  ],
  [
    'that a task without parts is not done',
    [rowOf('whole', { title: 'The whole' })],
    `## Overall summary

1 task: 1 pending. Nothing is completed yet.

## Not completed

- The whole (whole), pending`,
  ],
  [
    'parts by role, in their order',
    [
      doneRow('a', 1, { ...by('coder'), summary: 'Coded.' }),
      doneRow('b', 1, { ...by('tester'), summary: 'Tested.' }),
      doneRow('c', 1, { ...by('coder'), summary: 'Coded more.' }),
      doneRow('d', 1),
    ],
    `## Overall summary

4 tasks: 4 completed. Completed by coder (2), tester (1), generic (1).

## coder

### Do a (a)

> Coded.

### Do c (c)

> Coded more.

## tester

### Do b (b)

> Tested.

## generic

### Do d (d)`,
  ],
  [
    'what is open, failed, cancelled or put away apart from what is completed',
    [
      doneRow('a', 1),
      rowOf('b', { status: 'in_progress' }),
      doneRow('c', 1, { status: 'failed', summary: 'No luck.\n## Never' }),
      doneRow('d', 1, { status: 'cancelled' }),
      rowOf('e', { status: 'awaiting_gate', ...by('reviewer') }),
      doneRow('f', 1, { status: 'cancelled', archivedAt: '2026-01-02T03:04:05Z' }),
    ],
    String.raw`## Overall summary

6 tasks: 1 completed, 2 in_progress, 1 failed, 1 cancelled, 1 archived. Completed by generic (1).

## generic

### Do a (a)

## Not completed

- Do b (b), in_progress
- Do c (c), failed: No luck. \#\# Never
- Do d (d), cancelled
- Do e (e), in_progress
- Do f (f), archived`,
  ],
  [
    'artifacts with the address that they are read by',
    [
      doneRow('a', 1, {
        artifacts: [
          `${ADDRESS}?type=code&bytes=7&name=src%2Fa_*b*.ts`,
          `${ADDRESS}?type=test&bytes=0`,
          'notes [of] mine',
        ],
      }),
    ],
    String.raw`## Overall summary

1 task: 1 completed. Completed by generic (1).

## generic

### Do a (a)

- src/a\_\*b\*.ts: ${ADDRESS} (code, 7 bytes)
- ${ADDRESS} (test, 0 bytes)
- notes \[of\] mine`,
  ],
  [
    'titles and summaries as they are, whatever they are made of',
    [doneRow('a', 1, { title: '# A\n<b>`*_x_', summary: '# B\n\n```\n## C' })],
    String.raw`## Overall summary

1 task: 1 completed. Completed by generic (1).

## generic

### \# A \<b\>${'\\`'}\*\_x\_ (a)

> # B
>
> ${'```'}
> ## C`,
  ],
])('tells %s', (_, parts, text) => {
  expect(reportOf('The *whole*', parts).markdown).toBe(`# The \\*whole\\*\n\n${text}`);
});

it('keeps summaries whole, and titles and lists of artifacts short in the text but not beside it', () => {
  const summary = 'A long story. '.repeat(140).trim();
  const artifacts = Array.from({ length: 100 }, (_, at) => `note ${at}`);
  const title = 'x'.repeat(4_000);
  const { markdown, sections } = reportOf(title, [doneRow('a', 1, { title, summary, artifacts })]);
  expect(markdown).toContain(`> ${summary}`);
  expect(markdown).toContain('- note 19\n- and 80 more');
  expect(markdown).not.toContain('- note 20');
  expect(markdown.split('\n')[0]).toBe(`# ${'x'.repeat(199)}…`);
  expect(sections[0]?.tasks).toMatchObject([{ title, summary }]);
  expect(sections[0]?.tasks[0]?.artifacts).toHaveLength(100);
});

it.each(ENDS)('counts each part once, whether it is %s or not', (status) => {
  const { sections, incomplete } = reportOf('w', [doneRow('a', 1, { status }), rowOf('b')]);
  const completed = sections.flatMap(({ tasks }) => tasks.map((one) => one.task_id));
  expect([...completed, ...incomplete.map(({ id }) => id)].sort()).toEqual(['a', 'b']);
  expect(completed).toEqual(status === 'completed' ? ['a'] : []);
});
