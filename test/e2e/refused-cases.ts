/** What every edge refuses, with one code, naming the field: inputs on the tasks that `same-cases.test.ts` makes. */
import { LIMITS } from '../../src/domain/limits.ts';
import type { OperationName } from '../../src/domain/operations.ts';
import type { EdgeName, Input } from './edges.ts';

export interface RefusedCase {
  readonly what: string;
  readonly operation: OperationName;
  readonly input: Input;
  readonly code: string;
  /** What its message names. */
  readonly field?: string | undefined;
  /** Edges that such an input cannot reach, with the reason. */
  readonly except?: { readonly [E in EdgeName]?: string };
}

/** One that is wrong in itself, whatever is there. */
const wrong = (
  what: string,
  operation: OperationName,
  input: Input,
  field: string,
  except: RefusedCase['except'] = {},
): RefusedCase => ({ what, operation, input, code: 'invalid_input', field, except });

/** One that does not fit what is there. */
const unfit = (what: string, operation: OperationName, input: Input, code: string): RefusedCase => ({
  what,
  operation,
  input,
  code,
});

const NEVER = { id: 'never', title: 'Never' };
const UNKNOWN_DIGEST = `sha256:${'0'.repeat(64)}`;
const UNKNOWN_SESSION = 'session-0000000000000000';
const TEXTS_ONLY = 'an argument of a program is always a text';
const CONTROL = 'an argument of a program holds no NUL';
const EMPTY_PATH = 'a path with an empty word in it is another path';
const by = 'ann';

const CREATE: readonly RefusedCase[] = [
  wrong('an unknown field', 'create', { ...NEVER, colour: 'red' }, 'colour'),
  wrong('a title that is no text', 'create', { ...NEVER, title: 5 }, 'title', { cli: TEXTS_ONLY }),
  wrong('an empty title', 'create', { ...NEVER, title: '' }, 'title'),
  wrong('a title too long', 'create', { ...NEVER, title: '🚲'.repeat(LIMITS.titleCharsMax + 1) }, 'title'),
  wrong(
    'a description too long',
    'create',
    { ...NEVER, description: 'x'.repeat(LIMITS.descriptionCharsMax + 1) },
    'description',
  ),
  wrong('a wrong type', 'create', { ...NEVER, type: 'A chore' }, 'type'),
  wrong('a wrong complexity', 'create', { ...NEVER, complexity: 'easy' }, 'complexity'),
  wrong('a wrong specialist', 'create', { ...NEVER, specialist: 'Coder' }, 'specialist'),
  wrong('a due date in words', 'create', { ...NEVER, due: 'tomorrow' }, 'due'),
  wrong('an effort too long', 'create', { ...NEVER, effort: 'x'.repeat(LIMITS.titleCharsMax + 1) }, 'effort'),
  wrong('an id in capitals', 'create', { ...NEVER, id: 'Never' }, 'id'),
  wrong('an empty id', 'create', { ...NEVER, id: '' }, 'id'),
  wrong('an id that leads elsewhere', 'create', { ...NEVER, id: '../never' }, 'id'),
  wrong('an id too long', 'create', { ...NEVER, id: 'n'.repeat(64) }, 'id'),
  wrong('itself as its parent', 'create', { ...NEVER, parent: 'never' }, 'parent'),
  wrong('itself as a dependency', 'create', { ...NEVER, dependencies: ['never'] }, 'dependencies'),
  wrong('an empty dependency', 'create', { ...NEVER, dependencies: ['open', ''] }, 'dependencies'),
  wrong(
    'too many dependencies',
    'create',
    { ...NEVER, dependencies: Array(LIMITS.dependenciesPerTaskMax + 1).fill('open') },
    'dependencies',
  ),
  wrong('a session of another form', 'create', { ...NEVER, session: 'mine' }, 'session'),
  unfit('a parent that is not there', 'create', { ...NEVER, parent: 'nobody' }, 'not_found'),
  unfit('an unknown dependency', 'create', { ...NEVER, dependencies: ['open', 'nobody'] }, 'not_found'),
  unfit('a session that is not there', 'create', { ...NEVER, session: UNKNOWN_SESSION }, 'not_found'),
  unfit('a dependency of another session', 'create', { ...NEVER, dependencies: ['in-session'] }, 'not_found'),
  unfit('the id of another task', 'create', { id: 'open', title: 'Other' }, 'conflict'),
  unfit(
    'a cycle of dependencies',
    'create',
    { id: 'first', title: 'First', dependencies: ['second'] },
    'conflict',
  ),
];

const RUN = { id: 'never', requirement: 'Do it', repository: '/' };

const RUNS: readonly RefusedCase[] = [
  wrong('a folder above its repository', 'run', { ...RUN, dir: '../other' }, 'dir'),
  wrong('a folder that leads out and in again', 'run', { ...RUN, dir: 'a/../../b' }, 'dir'),
  wrong('a folder of the whole machine', 'run', { ...RUN, dir: '/etc' }, 'dir'),
  wrong("a folder of git's own", 'run', { ...RUN, dir: './.GIT/hooks' }, 'dir'),
  wrong('a folder without a name', 'run', { ...RUN, dir: '' }, 'dir'),
  wrong('a folder that is no text', 'run', { ...RUN, dir: 5 }, 'dir', { cli: TEXTS_ONLY }),
  ...['../.env', '/etc/passwd', '.git/config', '', 'config/', 'a/../../b', '.'].map((path) =>
    wrong(`to copy ${JSON.stringify(path)}`, 'run', { ...RUN, copy: [path] }, 'copy', {
      mcp: 'names no file to copy',
    }),
  ),
  wrong(
    'to copy too many files',
    'run',
    { ...RUN, copy: Array(LIMITS.copiedFilesMax + 1).fill('.env') },
    'copy',
    {
      mcp: 'names no file to copy',
    },
  ),
  wrong('a folder with a NUL', 'run', { ...RUN, dir: 'a\0b' }, 'dir', { cli: CONTROL }),
];

const READ: readonly RefusedCase[] = [
  unfit('the id of nothing', 'show', { id: 'nobody' }, 'not_found'),
  wrong('an unknown field', 'show', { id: 'open', deep: 'yes' }, 'deep'),
  wrong('an id of emoji', 'show', { id: '🚲' }, 'id'),
  wrong('an id of control characters', 'show', { id: 'open\u0000\u001b[2J' }, 'id', { cli: CONTROL }),
  wrong('an empty id', 'show', { id: '' }, 'id', { http: EMPTY_PATH }),
  wrong('a negative limit', 'list', { limit: -1 }, 'limit'),
  wrong('no limit at all', 'list', { limit: 0 }, 'limit'),
  wrong('half a task', 'list', { limit: 1.5 }, 'limit'),
  wrong('more than a page', 'list', { limit: LIMITS.listPageMax + 1 }, 'limit'),
  wrong('a negative offset', 'list', { offset: -1 }, 'offset'),
  wrong('a wrong status', 'list', { status: ['pending', 'done'] }, 'status'),
  wrong('an unknown field', 'list', { colour: 'red' }, 'colour'),
  wrong('words too long', 'list', { text: 'x'.repeat(LIMITS.titleCharsMax + 1) }, 'text'),
  wrong('a session of another form', 'list', { session: '' }, 'session'),
  wrong('a parent that cannot be', 'list', { parent: ['No Body'] }, 'parent'),
  wrong('a wrong type', 'list', { type: ['A chore'] }, 'type'),
  wrong('a time in words', 'list', { createdAfter: 'yesterday' }, 'createdAfter'),
  wrong('an order that is none', 'list', { order: 'random' }, 'order'),
  wrong('a digest that is none', 'artifact', { digest: 'sha256:abc' }, 'digest'),
  wrong('a negative offset', 'artifact', { digest: UNKNOWN_DIGEST, offset: -1 }, 'offset'),
  unfit('an artifact that is not there', 'artifact', { digest: UNKNOWN_DIGEST }, 'not_found'),
  wrong('an unknown field', 'sessions', { all: 'yes' }, 'all'),
  wrong('an unknown field', 'vitals', { deep: 'yes' }, 'deep'),
  wrong('a session of another form', 'count', { session: 'mine' }, 'session'),
  unfit('the id of nothing', 'logs', { id: 'nobody' }, 'not_found'),
  unfit('the id of nothing', 'diff', { id: 'nobody' }, 'not_found'),
  unfit('a task without a change', 'diff', { id: 'open' }, 'precondition'),
];

const REPORT: readonly RefusedCase[] = [
  wrong('a status that only complete gives', 'update', { id: 'open', status: 'completed' }, 'status'),
  wrong('an empty note', 'update', { id: 'open', note: '' }, 'note'),
  wrong('a note too long', 'update', { id: 'open', note: 'x'.repeat(LIMITS.noteCharsMax + 1) }, 'note'),
  wrong('more than all', 'update', { id: 'open', progress: 1.01 }, 'progress'),
  wrong('less than nothing', 'update', { id: 'open', progress: -0.1 }, 'progress'),
  wrong('an empty title', 'update', { id: 'open', title: '' }, 'title'),
  wrong(
    'a description that is too much for a message',
    'update',
    { id: 'open', description: '🚲'.repeat(LIMITS.descriptionCharsMax) },
    'characters',
  ),
  wrong(
    'a detail too long',
    'update',
    { id: 'open', detail: 'x'.repeat(LIMITS.detailCharsMax + 1) },
    'detail',
  ),
  wrong('an unknown field', 'update', { id: 'open', note: 'x', colour: 'red' }, 'colour'),
  wrong('a wrong complexity', 'update', { id: 'open', complexity: 'easy' }, 'complexity'),
  wrong('a due date in words', 'update', { id: 'open', due: 'tomorrow' }, 'due'),
  wrong('a kind of artifact that is none', 'update', { id: 'open', artifactType: 'poem' }, 'artifactType'),
  wrong('files of no directory', 'update', { id: 'open', files: ['a.ts'] }, 'files'),
  unfit('the id of nothing', 'update', { id: 'nobody', note: 'x' }, 'not_found'),
  unfit('a closed task', 'update', { id: 'closed', note: 'x' }, 'conflict'),
  unfit('a step back', 'update', { id: 'open', status: 'pending' }, 'conflict'),
  unfit('a task that waits', 'update', { id: 'second', status: 'in_progress' }, 'conflict'),
  unfit('a stale token', 'update', { id: 'open', note: 'x', attemptToken: 'old' }, 'conflict'),
  wrong('no summary', 'complete', { id: 'open' }, 'summary'),
  wrong('an empty summary', 'complete', { id: 'open', summary: '' }, 'summary'),
  wrong(
    'a summary too long',
    'complete',
    { id: 'open', summary: 'x'.repeat(LIMITS.descriptionCharsMax + 1) },
    'summary',
  ),
  wrong('a wrong outcome', 'complete', { id: 'open', summary: 'x', outcome: 'cancelled' }, 'outcome'),
  wrong('an unknown field', 'complete', { id: 'open', summary: 'x', colour: 'red' }, 'colour'),
  wrong('a path of another place', 'complete', { id: 'in-session', summary: 'x', files: ['../x'] }, 'files'),
  unfit('the id of nothing', 'complete', { id: 'nobody', summary: 'x' }, 'not_found'),
  unfit('a second completion', 'complete', { id: 'closed', summary: 'done' }, 'conflict'),
  unfit(
    'a second completion with another key',
    'complete',
    { id: 'closed', summary: 'done', messageId: 'm2' },
    'conflict',
  ),
  unfit(
    'another completion with the same key',
    'complete',
    { id: 'closed', summary: 'other', messageId: 'm1' },
    'conflict',
  ),
  unfit('a task that waits', 'complete', { id: 'second', summary: 'x' }, 'conflict'),
  unfit('a stale token', 'complete', { id: 'open', summary: 'x', attemptToken: 'old' }, 'conflict'),
];

const MOVE: readonly RefusedCase[] = [
  unfit('the id of nothing', 'claim', { id: 'nobody', by }, 'not_found'),
  unfit('a closed task', 'claim', { id: 'closed', by }, 'conflict'),
  unfit('a task that waits', 'claim', { id: 'second', by }, 'conflict'),
  unfit('the id of nothing', 'cancel', { id: 'nobody' }, 'not_found'),
  unfit('a completed task', 'cancel', { id: 'closed' }, 'conflict'),
  wrong('an unknown field', 'cancel', { id: 'open', force: 'yes' }, 'force'),
  unfit('a completed task', 'retry', { id: 'closed' }, 'conflict'),
  unfit('a task that goes on', 'retry', { id: 'open' }, 'conflict'),
  unfit('the id of nothing', 'retry', { id: 'nobody' }, 'not_found'),
  unfit('the id of nothing', 'archive', { id: 'nobody' }, 'not_found'),
  unfit('a task that is not over', 'archive', { id: 'open' }, 'conflict'),
  unfit('the id of nothing', 'remove', { id: 'nobody' }, 'not_found'),
  unfit('a task that is not over', 'remove', { id: 'open' }, 'conflict'),
  wrong('an unknown field', 'remove', { id: 'closed', force: 'yes' }, 'force'),
  unfit('a task without a gate', 'approve', { id: 'open', by }, 'conflict'),
  unfit('a closed task', 'approve', { id: 'closed', by }, 'conflict'),
  unfit('the id of nothing', 'approve', { id: 'nobody', by }, 'not_found'),
  wrong('a gate of the engine', 'approve', { id: 'open', by, gate: 'check' }, 'gate'),
  wrong('an unknown field', 'approve', { id: 'open', by, force: 'yes' }, 'force'),
  wrong('no reason', 'reject', { id: 'open', by, reason: '' }, 'reason', {
    mcp: 'without a reason the adapter says that there is none',
  }),
  wrong('a reason too long', 'reject', { id: 'open', by, reason: 'x'.repeat(4_097) }, 'reason'),
  unfit('a task without a gate', 'reject', { id: 'open', by, reason: 'no' }, 'conflict'),
  unfit('a task without an agent', 'tell', { id: 'open', by, text: 'faster' }, 'conflict'),
  unfit('a closed task', 'tell', { id: 'closed', by, text: 'faster' }, 'conflict'),
  wrong('no directory', 'open', { directory: '' }, 'directory'),
  wrong('a directory that is not there', 'open', { directory: '/not/there' }, 'directory'),
  wrong('a directory of the system', 'open', { directory: '/proc/self' }, 'directory'),
  wrong('a directory with all others in it', 'open', { directory: '/' }, 'directory'),
  unfit('a session that is not there', 'forget', { session: UNKNOWN_SESSION }, 'not_found'),
  wrong('a session of another form', 'forget', { session: 'mine' }, 'session'),
  wrong('a wrong reason', 'restart', { reason: '' }, 'reason'),
  wrong('no time at all', 'restart', { timeoutSeconds: 0 }, 'timeoutSeconds'),
  wrong('a scope that no page has', 'dashboard', { scope: 'local' }, 'scope'),
  wrong('an unknown field', 'dashboard', { name: 'ann' }, 'name'),
];

export const REFUSED: readonly RefusedCase[] = [...CREATE, ...RUNS, ...READ, ...REPORT, ...MOVE];
