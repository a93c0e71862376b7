/** What every edge answers alike: stories of calls, each told through one edge at a time, on tasks of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { referenceIn } from '../../src/domain/artifact-address.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import type { OperationName } from '../../src/domain/operations.ts';
import type { EdgeName, Input } from './edges.ts';

/** Asks through the story's edge, and expects this answer or the code of an error. What is its own is called `own` there. */
export type Ask = (
  name: OperationName,
  input: Input,
  expected: object | string,
) => Promise<Record<string, unknown>>;

export interface Story {
  readonly what: string;
  readonly edges: readonly EdgeName[];
  /** `own` is in the names of all that it makes; `place` is a folder. */
  tell(ask: Ask, own: string, place: string): Promise<void>;
}

const EVERYWHERE: readonly EdgeName[] = ['http', 'cli', 'mcp', 'client'];
/** What toolset `core` leaves out. */
const NOT_BY_TOOLS: readonly EdgeName[] = ['http', 'cli', 'client'];

const BICYCLE = '🚲👩🏽‍🔧';
const RIGHT_TO_LEFT = '\u202eעברית العربية\u202c';
const COMBINING = `e\u0301${'o\u0308\u0323'.repeat(20)}`;
const CONTROL = 'bell\u0007 escape\u001b[2J delete\u007f next\u0085 line\u2028 bom\ufeff tab\tnewline\n';
const SCRIPTS = `${BICYCLE} ${RIGHT_TO_LEFT} ${COMBINING} ${CONTROL} "quoted" \\back$lash 'single' <b>&amp;`;
/** No argument of a program can hold a NUL, so only texts that the CLI reads from stdin have one. */
const WITH_NUL = `\u0000${SCRIPTS}\u0000`;
/** With the longest of the words that it gets, as long as a title may be. */
const longest = (word: string): string =>
  `${'🚲'.repeat(LIMITS.titleCharsMax - ' script-client'.length)} ${word}`;

/** How it was before, and how it is now. */
const moved = (id: string, before: string, status: string) => ({ id, status, before: { status: before } });
const holding = (fields: object): object => expect.objectContaining(fields);
const oneRow = (fields: object): object => holding({ tasks: [holding(fields)] });

const IN_ANY_SCRIPT: Story = {
  what: 'a task in any script, from its creation to its end',
  edges: EVERYWHERE,
  async tell(ask, own) {
    const id = `script-${own}`;
    const task = { id, title: SCRIPTS, description: WITH_NUL };
    await ask('create', task, { id: 'script-own', created: true });
    await ask('create', task, { id: 'script-own', created: false });
    await ask('create', { ...task, title: 'Another' }, 'conflict');
    await ask('show', { id }, holding({ title: SCRIPTS, description: WITH_NUL, status: 'pending' }));
    await ask('list', { text: `${BICYCLE} עברית`, limit: 1 }, oneRow({ id: 'script-own', title: SCRIPTS }));
    const half = { status: 'in_progress', progress: 0.25, note: SCRIPTS.trim() };
    await ask('update', { id, ...half }, moved('script-own', 'pending', 'in_progress'));
    const renamed = { title: longest(id), description: '' };
    await ask('update', { id, ...renamed }, moved('script-own', 'in_progress', 'in_progress'));
    const told = { ...renamed, title: expect.stringMatching(/^(?:🚲)+ script-own$/) };
    await ask('list', { status: ['in_progress'], limit: 1 }, oneRow({ id: 'script-own', ...told }));
    await ask('show', { id }, holding({ notes: [SCRIPTS.trim()], progress: 0.25, ...told }));
    const long = { id: `long-${own}`, title: 'Long', description: '🚲'.repeat(LIMITS.descriptionCharsMax) };
    await ask('create', long, { id: 'long-own', created: true });
    await ask('show', { id: long.id }, holding({ description: long.description }));
    await ask('cancel', { id: long.id }, moved('long-own', 'pending', 'cancelled'));
    const end = { summary: SCRIPTS, outcome: 'failed' };
    await ask('complete', { id, ...end }, moved('script-own', 'in_progress', 'failed'));
    await ask('show', { id }, holding({ failure: { class: 'unknown', message: SCRIPTS } }));
    await ask('complete', { id, summary: 'again' }, 'conflict');
    await ask('cancel', { id }, 'conflict');
    await ask(
      'list',
      { text: id, status: ['failed'], offset: 0 },
      { tasks: [holding({ id: 'script-own' })], total: 1 },
    );
  },
};

const CANCELLED: Story = {
  what: 'a task that waits for another, is cancelled twice and runs again',
  edges: EVERYWHERE,
  async tell(ask, own) {
    const [id, other] = [`waits-${own}`, `waited-${own}`];
    await ask('create', { id: other, title: 'Waited for' }, { id: 'waited-own', created: true });
    const task = { id, title: 'Waits', dependencies: [other], parent: other };
    await ask('create', task, { id: 'waits-own', created: true });
    await ask('show', { id }, holding({ status: 'blocked', openDependencies: ['waited-own'] }));
    await ask('cancel', { id }, moved('waits-own', 'blocked', 'cancelled'));
    await ask('cancel', { id }, moved('waits-own', 'cancelled', 'cancelled'));
    await ask('update', { id, note: 'late' }, 'conflict');
    await ask('retry', { id }, { id: 'waits-own', created: true });
    await ask('show', { id }, holding({ status: 'blocked', openDependencies: ['waited-own'] }));
    await ask('cancel', { id }, moved('waits-own', 'blocked', 'cancelled'));
    await ask('complete', { id: other, summary: 'done' }, moved('waited-own', 'pending', 'completed'));
  },
};

const PLANNED = {
  type: 'review',
  complexity: 'very_complex',
  specialist: 'reviewer',
  effort: '2 Stunden',
  due: '2026-12-31',
};

const CLAIMED: Story = {
  what: 'a task of a session: claimed, reported on with results, put away and removed',
  edges: NOT_BY_TOOLS,
  async tell(ask, own, place) {
    const directory = join(place, own);
    mkdirSync(directory);
    writeFileSync(join(directory, 'ä b.ts'), 'export {};\n');
    const here = { id: 'session', directory: join(place, 'own'), createdAt: 'time' };
    const { id: session } = await ask('open', { directory }, { ...here, created: true });
    await ask('open', { directory }, { ...here, created: false });
    const id = `claimed-${own}`;
    const task = { id, title: 'Claimed', session, context: { a: [1, { b: null }] }, ...PLANNED };
    await ask('create', task, { id: 'claimed-own', created: true });
    await ask('count', { session }, holding({ total: 1, bySpecialist: { reviewer: 1 } }));
    const granted = { ...moved('claimed-own', 'pending', 'in_progress'), attemptToken: 'hex', claim: 1 };
    const claim = { id, by: 'ann', messageId: 'm1' };
    const { attemptToken } = await ask('claim', claim, granted);
    expect((await ask('claim', claim, granted)).attemptToken).toBe(attemptToken);
    const results = { detail: WITH_NUL, files: [join(directory, 'ä b.ts')], artifactType: 'code' };
    const report = { id, attemptToken, note: 'half', artifacts: ['a', 'b c'], ...results };
    await ask('update', report, moved('claimed-own', 'in_progress', 'in_progress'));
    const { artifacts } = await ask('show', { id }, holding({ plan: { session: 'session', ...PLANNED } }));
    const addresses = [artifacts].flat().map((address) => referenceIn(String(address)));
    const digest = addresses.find((address) => address !== undefined)?.digest;
    const content = Buffer.from(WITH_NUL).toString('base64');
    const bytes = Buffer.byteLength(WITH_NUL);
    await ask('artifact', { digest }, { digest, bytes, content, next: null });
    await ask('artifact', { digest, offset: bytes }, { digest, bytes, content: '', next: null });
    const end = { id, summary: 'done', messageId: 'm2', attemptToken };
    await ask('complete', end, moved('claimed-own', 'in_progress', 'completed'));
    await ask('complete', end, moved('claimed-own', 'in_progress', 'completed'));
    await ask('complete', { ...end, summary: 'other' }, 'conflict');
    await ask('complete', { ...end, messageId: 'm3' }, 'conflict');
    const away = { ...moved('claimed-own', 'completed', 'completed'), archivedAt: 'time' };
    const before = { status: 'completed', archivedAt: 'time' };
    await ask('archive', { id }, away);
    await ask('archive', { id }, { ...away, before });
    await ask('list', { session }, { tasks: [], total: 0 });
    await ask('list', { session, archived: true }, oneRow({ id: 'claimed-own', archivedAt: 'time' }));
    await ask(
      'remove',
      { id },
      { id: 'claimed-own', removed: true, before: { ...before, title: 'Claimed' } },
    );
    await ask('remove', { id }, 'not_found');
    await ask('show', { id }, 'not_found');
    await ask('list', { session, archived: true }, { tasks: [], total: 0 });
    await ask(
      'forget',
      { session },
      {
        session: 'session',
        forgotten: true,
        before: { directory: join(place, 'own') },
      },
    );
    await ask('forget', { session }, 'not_found');
  },
};

const SELECTED: Story = {
  what: 'tasks by every filter of a list',
  edges: NOT_BY_TOOLS,
  async tell(ask, own) {
    const [one, two] = [`one-${own}`, `two-${own}`];
    await ask('create', { id: one, title: 'One', ...PLANNED }, { id: 'one-own', created: true });
    await ask('create', { id: two, title: 'Two', parent: one }, { id: 'two-own', created: true });
    const found = { tasks: [holding({ id: 'one-own' })], total: 1 };
    const none = { tasks: [], total: 0 };
    const only = { id: [one, two] };
    await ask('list', only, holding({ total: 2 }));
    await ask('list', { ...only, order: 'oldest', limit: 1 }, oneRow({ id: 'one-own' }));
    await ask('list', { ...only, order: 'oldest', offset: 1 }, oneRow({ id: 'two-own' }));
    await ask('list', { ...only, type: ['review', 'testing'] }, found);
    await ask('list', { ...only, complexity: ['very_complex'], specialist: ['reviewer'] }, found);
    await ask('list', { ...only, specialist: ['coder'] }, none);
    await ask('list', { parent: [one] }, { tasks: [holding({ id: 'two-own' })], total: 1 });
    await ask('list', { ...only, createdAfter: '2020-01-01T00:00:00+02:00' }, holding({ total: 2 }));
    await ask('list', { ...only, createdBefore: '2020-01-01T00:00:00Z' }, none);
    await ask('list', { ...only, text: 'ON' }, found);
    await ask('list', { ...only, status: ['completed', 'failed'] }, none);
    await ask('list', { ...only, archived: true }, none);
    await ask('cancel', { id: one }, moved('one-own', 'pending', 'cancelled'));
    await ask('cancel', { id: two }, moved('two-own', 'pending', 'cancelled'));
  },
};

const LET_IN: Story = {
  what: 'links into the dashboard',
  edges: NOT_BY_TOOLS,
  async tell(ask) {
    const link = (scope: string) => ({
      ...{ code: 'code', scope, expiresAt: 'time' },
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#code=code$/),
    });
    await ask('dashboard', {}, link('approve'));
    await ask('dashboard', { scope: 'read' }, link('read'));
  },
};

export const STORIES: readonly Story[] = [IN_ANY_SCRIPT, CANCELLED, CLAIMED, SELECTED, LET_IN];
