/** An execution that the engine drives through two phases and a delivery, and the person who decides what it asks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Pawl } from '../../src/client.ts';
import { type ExecutionState, isOver } from '../../src/domain/executions/execution-state.ts';
import { PawlError } from '../../src/domain/failures.ts';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import type { World } from './world.ts';

const LOOK_MS = 30;
const WORK = join(import.meta.dirname, '..', 'fixtures', 'kills', 'work.mjs');

export interface DrivenLoop {
  readonly id: string;
  readonly project: string;
  /** What the base was at before. */
  readonly seed: string;
  /** `<task>/<attempt>` for each time that the program of a skill was begun: written by the program itself. */
  readonly begun: () => readonly string[];
}

export function newDrivenLoop(id: string): DrivenLoop {
  const notes = join(scratchFolder('notes'), 'begun');
  writeFileSync(notes, '');
  const project = newRepository({
    'pawl.yaml': JSON.stringify({
      checks: [{ name: 'test', run: ['node', 'test.js'] }],
      agents: { builder: { command: works(notes, 'sum.js', 'exports.sum = (a, b) => a + b;') } },
    }),
    '.pawl/loops/make.yaml': JSON.stringify(loopBy(notes)),
    'test.js': "require('node:assert').equal(require('./sum.js').sum(1, 2), 3);\n",
  });
  const begun = () => readFileSync(notes, 'utf8').split('\n').filter(Boolean);
  return { id, project, seed: userGit(project, 'rev-parse', 'main'), begun };
}

const works = (...args: readonly string[]): string[] => ['node', WORK, ...args];

const loopBy = (notes: string) => ({
  loop: 'make',
  phases: [
    {
      id: 'plan',
      skills: [{ id: 'plan', run: works(notes, 'plan.txt', 'a plan') }],
      gates: [{ id: 'right', kind: 'approval' }],
    },
    {
      id: 'build',
      skills: [{ id: 'build', agent: 'builder', brief: 'Build it' }],
      gates: [{ id: 'tested', kind: 'check', checks: 'all' }],
    },
    { id: 'ship', skills: [{ id: 'ship', deliver: 'pull_request' }] },
  ],
});

/** Takes it from its start to its end, whoever is killed meanwhile, and approves what people are asked to. */
export async function drive(world: World, { id, project }: DrivenLoop): Promise<ExecutionState> {
  await answered(world, (pawl) => pawl.startExecution({ id, loop: 'make', project, driver: 'engine' }));
  for (;;) {
    const state = await answered(world, (pawl) => pawl.execution({ id }));
    expect(state.blockedBy).toBeUndefined();
    if (isOver(state.status)) return state;
    const [plan, , ship] = state.phases;
    if (plan?.gates[0]?.status === 'open')
      await answered(world, (pawl) =>
        pawl.decideGate({ id, gate: 'right', decision: 'approve', messageId: 'right' }),
      );
    const delivery = ship?.skills[0]?.task;
    if (delivery !== undefined) await approveDelivery(world, delivery);
    await sleep(LOOK_MS);
  }
}

async function approveDelivery(world: World, id: string): Promise<void> {
  const { gates } = await answered(world, (pawl) => pawl.show({ id }));
  if (gates.some(({ gate, status }) => gate === 'approval' && status === 'open'))
    await answered(world, (pawl) => pawl.approve({ id, messageId: 'yes' }));
}

/** Calls until somebody answers: made again with the same ids, a call finds what it has done. */
export async function answered<T>(world: World, call: (pawl: Pawl) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call(world.pawl());
    } catch (error) {
      // The client of an engine that was killed is closed under its calls.
      const isAway =
        error instanceof PawlError
          ? error.code === 'unavailable'
          : error instanceof Error && error.name === 'AbortError';
      if (!isAway) throw error;
      await sleep(LOOK_MS);
    }
  }
}
