/** Lives one sequence of steps on real tasks, and holds each of them against its models after every step. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import type { ClientDrivenSpec } from '../../src/domain/task-spec.ts';
import { begun, cancelled, isOver, type Status, withEnded } from './model.ts';
import type { Sequence, Start, Step, Words } from './steps.ts';
import { type Answered, type TaskUnderTest, taskUnderTest } from './task.ts';
import type { World } from './world.ts';

const PLANNED_AT = '2026-01-02T03:04:05.000Z';

export interface Story {
  run(): Promise<void>;
  /** Asks all tasks once more, whatever works on them now. */
  check(): Promise<void>;
}

export function createStory(world: World, name: string, { starts, steps }: Sequence): Story {
  const { client } = world;
  const tasks = new Map<number, TaskUnderTest>();
  const over = new Map<number, Status>();
  const idOf = (at: number) => TaskId.parse(at < 0 ? `${name}-nowhere` : `${name}-${at}`);

  /** The task, which is begun when it is named first: what comes next then comes right behind. */
  async function taskAt(at: number): Promise<TaskUnderTest> {
    const known = tasks.get(at);
    if (known !== undefined) return known;
    const { dependencies, context, planned, eventsMax } = startOf(at);
    for (const one of dependencies) if (one >= 0) await taskAt(one);
    const spec: ClientDrivenSpec = {
      ...{ kind: 'client_driven', id: idOf(at), title: `Task ${at}`, description: '' },
      ...(context === undefined ? {} : { context }),
      ...(dependencies.length === 0 ? {} : { plan: { dependencies: dependencies.map(idOf) } }),
      ...(planned ? { plannedAt: PLANNED_AT } : {}),
    };
    await begin(client, spec, eventsMax);
    const model = begun(spec.title, dependencies.map(idOf), context);
    const task = taskUnderTest(client, spec.id, model);
    tasks.set(at, task);
    const ended = dependencies.filter((one) => one < 0 || over.has(one));
    for (const one of ended) hears(task, one);
    // It hears of these at a moment of its own.
    if (ended.length > 0) await settle(at);
    return task;
  }
  const startOf = (at: number): Start => starts[at] ?? { planned: false, dependencies: [] };
  const hears = (task: TaskUnderTest, of: number) => {
    task.worlds = task.worlds.map((model) => withEnded(model, idOf(of), over.get(of) ?? 'cancelled'));
  };

  /** Waits until the task is as it has to be, and those that waited for it as well. */
  async function settle(at: number): Promise<void> {
    const task = await taskAt(at);
    const { status } = await task.settled();
    if (!task.worlds.every(isOver) || over.has(at)) return;
    over.set(at, status as Status);
    for (const [other, waiting] of tasks) {
      if (!startOf(other).dependencies.includes(at)) continue;
      hears(waiting, at);
      await waiting.settled();
    }
  }

  const sendAll = async (task: TaskUnderTest, messages: readonly Words[]): Promise<Promise<Answered>[]> =>
    messages.map((words) => task.send(task.messageOf(words), words.channel));

  const during: { readonly [K in Step['kind']]: (step: Extract<Step, { kind: K }>) => Promise<void> } = {
    async told({ task: at, messages }) {
      const task = await taskAt(at);
      task.has(ordersOf(await Promise.all(await sendAll(task, messages))));
    },
    async burst({ task: at, channels }) {
      const task = await taskAt(at);
      const sent = await Promise.all(
        channels.map((channel) => task.send(task.messageOf(noteOf(channel, randomUUID())), channel)),
      );
      await expectNotes(task, sent);
    },
    async cancelled({ task: at }) {
      const task = await taskAt(at);
      const isKnownOver = task.worlds.every(isOver);
      await client.workflow
        .getHandle(task.id)
        .cancel()
        .catch((error: unknown) => {
          if (!isKnownOver || !(error instanceof WorkflowNotFoundError)) throw error;
        });
      task.worlds = task.worlds.map(cancelled);
    },
    async away({ task: at, messages, ending, cached, asked }) {
      // One that has to settle first cannot without a worker.
      if (!tasks.has(at) && startOf(at).dependencies.length > 0) await taskAt(at);
      const sent: Promise<Answered>[] = [];
      let task: TaskUnderTest | undefined;
      let question: Promise<unknown> | undefined;
      const isKnown = tasks.has(at);
      await world.without(ending, cached, async () => {
        task = await taskAt(at);
        // One that has not begun yet cannot be asked.
        if (asked && isKnown) question = task.state();
        for (const words of messages) {
          const sending = task.send(task.messageOf(words), words.channel);
          sent.push(sending);
          if (words.channel === 'signal') await sending;
        }
      });
      task?.has(ordersOf(await Promise.all(sent)));
      await question;
    },
    async hit({ task: at, messages, cached, afterMs }) {
      const task = await taskAt(at);
      const sent = await sendAll(task, messages);
      await sleep(afterMs);
      await world.without('kill', cached);
      task.has(ordersOf(await Promise.all(sent)));
    },
  };

  async function expectNotes(task: TaskUnderTest, sent: readonly Answered[]): Promise<void> {
    if (task.worlds.every(isOver)) return task.has([sent]);
    // Which of them came first is told by the notes; that each is there once is what the model then says.
    const { notes } = await task.state();
    const placeOf = ({ message }: Answered) => notes.lastIndexOf(String(message.body.note));
    task.has([[...sent].sort((a, b) => placeOf(a) - placeOf(b))]);
  }

  return {
    async run() {
      for (const [number, step] of steps.entries()) {
        try {
          await (during[step.kind] as (one: Step) => Promise<void>)(step);
          await settle(step.task);
        } catch (error) {
          const how = await taskAt(step.task).then((task) => task.standing(), String);
          const told = [`${name}, step ${number} (${JSON.stringify(step)})`, how, ...world.faults.slice(-5)];
          throw new Error(told.join('\n'), { cause: error });
        }
      }
      for (const at of starts.keys()) await settle(at);
    },
    async check() {
      for (const task of tasks.values()) await task.settled();
    },
  };
}

const noteOf = (channel: Words['channel'], note: string): Words => ({
  ...{ name: 'update', body: { note }, malformed: false, token: 'none', id: 'new', earlier: 0 },
  channel,
});

/** Whatever is told at once may come in any order. */
function ordersOf<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, at) => ordersOf(all.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}

/**
 * As the client starts one, but for the bound on its events, and for how long a workflow task waits for a worker that was
 * killed with it: most of the time would be that.
 */
export const begin = (client: Client, spec: ClientDrivenSpec, eventsMax?: number): Promise<unknown> =>
  client.workflow.start('task', {
    workflowId: spec.id,
    taskQueue: TASK_QUEUE,
    args: [{ spec, edition: EDITION, ...(eventsMax === undefined ? {} : { eventsMax }) }],
    memo: { digest: digestOf(spec), edition: EDITION },
    workflowTaskTimeout: '1 s',
  });
