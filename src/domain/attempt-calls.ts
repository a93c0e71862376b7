/**
 * What the token of an attempt may call: of its own task and the parts of it, and nothing else. Each call is bound to the
 * attempt before it is made, whoever makes it: a route, a tool.
 */
import { PawlError } from './failures.ts';
import { LIMITS } from './limits.ts';
import { type Handlers, type InputOf, type OperationName, operations } from './operations.ts';
import { RowFilter, type TaskRow } from './rows.ts';
import { type AttemptRef, type Caller, needScope } from './scopes.ts';

type Bind<N extends OperationName> = (
  input: InputOf<N>,
  attempt: AttemptRef,
  calls: Handlers,
) => Promise<InputOf<N>>;

type Bindings = { readonly [N in OperationName]?: Bind<N> };

const BINDINGS = {
  async show(input, { task }, calls) {
    if (input.id !== task && !(await partsOf(task, calls)).some(({ id }) => id === input.id))
      throw foreign(task, `the task ${input.id}`);
    return input;
  },
  async list(input, { task }) {
    if (input.parent?.some((parent) => parent !== task)) throw foreign(task, 'parts of another one');
    return { ...input, parent: [task] };
  },
  /** Refused by the task itself once another attempt runs: it carries the fencing token. */
  async update(input, { task, token }) {
    if (input.id !== task) throw foreign(task, `the task ${input.id}`);
    const given = Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const others = given.filter((name) => !REPORTED.includes(name));
    if (others.length > 0) throw foreign(task, `its ${others.join(', ')}`);
    return { ...input, attemptToken: token };
  },
  async create(input, { task }, calls) {
    const { id, parent = task, dependencies = [], session } = input;
    if (parent !== task) throw foreign(task, `a part of ${parent}`);
    if (session !== undefined) throw foreign(task, `a task of ${session}`);
    const parts = await partsOf(task, calls);
    const other = dependencies.find((one) => !parts.some((part) => part.id === one));
    if (other !== undefined) throw foreign(task, `a part that waits for ${other}`);
    if (parts.length >= LIMITS.partsByAgentMax && !parts.some((part) => part.id === id))
      throw new PawlError(
        'conflict',
        `the task ${task} has ${parts.length} parts, and an agent plans at most ${LIMITS.partsByAgentMax}: do the rest in one of them`,
      );
    return { ...input, parent };
  },
} as const satisfies Bindings;

const REPORTED: readonly string[] = [
  'id',
  'messageId',
  'note',
  'progress',
  'artifacts',
  'detail',
  'artifactType',
];

async function partsOf(task: AttemptRef['task'], calls: Handlers): Promise<readonly TaskRow[]> {
  const filter = RowFilter.parse({ parent: [task], withArchived: true, limit: LIMITS.listPageMax });
  return (await calls.list(filter)).tasks;
}

const foreign = (task: string, found: string): PawlError =>
  new PawlError(
    'forbidden',
    `expected a report on the task ${task} (note, progress, results) or parts of it, got ${found}: the token of an attempt is for its own task alone`,
  );

/** Whether the token of an attempt may call it, bound to its task. */
export const isForAttempts = (name: OperationName): boolean => Object.hasOwn(BINDINGS, name);

/** @throws PawlError `forbidden` for an operation that the caller may not call, whatever its input */
export function needCall(caller: Caller, name: OperationName): void {
  if (caller.attempt !== undefined && isForAttempts(name)) return;
  needScope(caller, operations[name].scope);
}

/**
 * The input as this caller may send it.
 * @throws PawlError `forbidden` as `needCall`, and for what is not the attempt's; `conflict` for one part too many
 */
export async function boundInput(
  caller: Caller,
  name: OperationName,
  input: InputOf<OperationName>,
  calls: Handlers,
): Promise<InputOf<OperationName>> {
  needCall(caller, name);
  if (caller.attempt === undefined) return input;
  const bindings: Bindings = BINDINGS;
  const bind = bindings[name] as Bind<OperationName> | undefined; // the row's own, of the same name
  return bind === undefined ? input : bind(input, caller.attempt, calls);
}
