/** The journal as files, also as a kill leaves them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJournal, leftOverOf } from '../../../src/adapters/files/journal.ts';
import { newFolder } from '../../conformance/folders.ts';
import { endedOwner, headerOf, testJournal } from '../../conformance/journal.ts';

describe('conformance', () => testJournal(() => createJournal(join(newFolder(), 'journal'))));

const reported = (summary: string) => JSON.stringify({ report: { status: 'done', summary } });
const OWNER = { pid: 1, startedAt: 'long ago' };
const note = fc.record(
  {
    checkpoint: fc.record({
      number: fc.nat(),
      attempt: fc.nat(),
      completed: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
      next: fc.constant([]),
      createdFiles: fc.constant([]),
    }),
    report: fc.record({ status: fc.constantFrom('done', 'blocked'), summary: fc.string({ unit: 'binary' }) }),
  },
  { requiredKeys: [] },
);

it('tells, of a file cut off anywhere, the facts of a prefix of its lines', () => {
  fc.assert(
    fc.property(
      fc.array(note, { maxLength: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (notes, share) => {
        const header = headerOf('one', OWNER);
        const bytes = Buffer.from([header, ...notes].map((line) => `${JSON.stringify(line)}\n`).join(''));
        const cut = bytes.subarray(0, Math.round(share * bytes.length));
        const whole = cut.toString('latin1').split('\n').length - 1;
        const expected = whole === 0 ? undefined : Object.assign({}, header, ...notes.slice(0, whole - 1));
        expect(leftOverOf(cut.toString('utf8'))).toEqual(expected);
      },
    ),
  );
});

it('does not count a line before its end is written', () => {
  const header = JSON.stringify(headerOf('one', OWNER));
  expect(leftOverOf(header)).toBeUndefined();
  expect(leftOverOf(`${header}\n${reported('one')}\n${reported('two')}`)?.report?.summary).toBe('one');
});

it('tells nothing after a damaged line, and nothing at all without a header', () => {
  const header = JSON.stringify(headerOf('one', OWNER));
  const cut = `${header}\n${reported('one')}\n\0\0\0\n${reported('two')}\n`;
  expect(leftOverOf(cut)?.report?.summary).toBe('one');
  expect(leftOverOf(`${header}\n{"report":"one"}\n`)).toEqual(headerOf('one', OWNER));
  expect(leftOverOf(`${reported('one')}\n`)).toBeUndefined();
  expect(leftOverOf('')).toBeUndefined();
});

it('reads what an older version noted, and passes over what nobody asks for any more', () => {
  const lines = [JSON.stringify(headerOf('one', OWNER)), '{"pid":1,"startedAt":"then"}', reported('one')];
  expect(leftOverOf(`${lines.join('\n')}\n`)).toEqual({
    ...headerOf('one', OWNER),
    report: { status: 'done', summary: 'one' },
  });
});

it('passes by files that are no entries', async () => {
  const folder = newFolder();
  const journal = createJournal(folder);
  await journal.open(headerOf('one', await endedOwner()));
  writeFileSync(join(folder, 'torn.jsonl'), '{"id":"torn","workfl');
  writeFileSync(join(folder, 'empty.jsonl'), '');
  writeFileSync(join(folder, 'README'), 'hello');
  // A file under another name must not lead to the removal of this one's entry.
  writeFileSync(join(folder, 'two.jsonl'), readFileSync(join(folder, 'one.jsonl')));
  expect((await journal.leftOvers()).map(({ id }) => id)).toEqual(['one']);
});

it('keeps entries for its user alone and removes them', async () => {
  const folder = newFolder();
  const entry = await createJournal(folder).open(headerOf('one', OWNER));
  expect(statSync(join(folder, 'one.jsonl')).mode & 0o777).toBe(0o600);
  await entry.close();
  expect(readdirSync(folder)).toEqual([]);
});

it('tells what a worker had noted that was killed right after', async () => {
  const folder = newFolder();
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, '..', '..', 'fixtures', 'journal-writer.mjs'), folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(worker.stdout, 'data');
  const journal = createJournal(folder);
  expect(await journal.leftOvers()).toEqual([]);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  expect(await journal.leftOvers()).toMatchObject([
    { id: 'one', report: { summary: 'all of it' }, owner: { pid: worker.pid } },
  ]);
});

it('asks by another container too whether a worker runs, where the entry names it', async () => {
  const alive = new Set(['one']);
  const folder = newFolder();
  const journal = createJournal(folder, ({ worker }) => worker !== undefined && alive.has(worker));
  const at = (id: string, worker: string, mark: string) => ({
    ...headerOf(id, { ...OWNER, worker }),
    workflowId: id.split('.')[0] ?? '',
    taskToken: 'dG9rZW4=',
    mark,
  });
  await journal.open(at('a.run.1.1', 'two', 'home/a/check'));
  await journal.open(at('a.run.1.2', 'one', 'home/a/check'));
  await journal.open(at('ab.run.1.1', 'two', 'home/ab/check'));
  // What the second try of the check runs must not be ended with what is left of the first one.
  expect(await journal.leftOvers('a')).toEqual([
    { ...at('a.run.1.1', 'two', 'home/a/check'), markInUse: true },
  ]);
  expect(await journal.leftOvers('ab')).toEqual([at('ab.run.1.1', 'two', 'home/ab/check')]);
  expect((await journal.leftOvers()).map(({ id }) => id)).toEqual(['a.run.1.1', 'ab.run.1.1']);
  alive.clear();
  expect((await journal.leftOvers('a')).map(({ markInUse }) => markInUse)).toEqual([undefined, undefined]);
});

it('leaves nothing of an entry at whose beginning its worker was killed', async () => {
  const folder = newFolder();
  const alive = new Set(['one', 'two']);
  const journal = createJournal(folder, ({ worker }) => worker !== undefined && alive.has(worker));
  const entry = await journal.open(headerOf('whole', { ...OWNER, worker: 'one' }));
  // As a kill leaves them: begun, and not there yet.
  writeFileSync(join(folder, 'a.one.draft'), '{"id":"tor');
  writeFileSync(join(folder, 'b.two.draft'), '');
  alive.delete('one');
  expect((await journal.leftOvers()).map(({ id }) => id)).toEqual(['whole']);
  expect(readdirSync(folder).toSorted()).toEqual(['b.two.draft', 'whole.jsonl']);
  await entry.close();
});
