/** What each operation that changes something is called with under a key, on one engine for a test file. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Pawl } from '../../src/client.ts';
import type { OperationName, operations } from '../../src/domain/operations.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { atGate, attach, by, type EngineRig, startRig } from './rig.ts';

export type Changing = {
  [N in OperationName]: (typeof operations)[N] extends { method: 'GET' } | { keyless: string } ? never : N;
}[OperationName];
export type Input = Readonly<Record<string, unknown>>;

export let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig({ PAWL_AGENTS_PER_HOST: '20' });
});
afterAll(async () => {
  await endAll();
  await rig.close();
});

/** The engine that was started in the home meanwhile. */
export async function attachAgain(): Promise<void> {
  rig = await attach(rig);
}

export async function endAll(): Promise<void> {
  const { tasks } = await rig.api.list({ status: ['pending', 'blocked', 'in_progress', 'awaiting_gate'] });
  await Promise.all(tasks.map(({ id }) => rig.api.cancel({ id })));
}

let count = 0;
export const newId = () => {
  count += 1;
  return `keyed-${count}`;
};
const created = async (): Promise<{ id: string }> => {
  const id = newId();
  await rig.api.create({ id, title: 'Keyed' });
  return { id };
};
const over = async (): Promise<{ id: string }> => {
  const { id } = await created();
  await rig.api.complete({ id, summary: 'gone wrong', outcome: 'failed' });
  return { id };
};
const gated = async (): Promise<{ id: string }> => {
  const id = newId();
  await rig.run({ id, repository: newRepository(), ...by('writes', 'new.txt', 'new') });
  await rig.until(id, atGate);
  return { id };
};
const working = async (): Promise<{ id: string }> => {
  const id = newId();
  await rig.run({ id, repository: newRepository(), ...by('waits') });
  await rig.until(id, ({ attempts }) => attempts.at(-1)?.outcome === 'running');
  return { id };
};

const begun = async (): Promise<{ id: string }> => {
  const id = `x_${newId()}`;
  await rig.api.startExecution({
    ...{ id, loop: 'bugfix', project: newRepository() },
    inputs: { report: 'It fails' },
  });
  return { id };
};
const asked = async (): Promise<{ id: string }> => {
  const { id } = await begun();
  const outputs = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };
  await rig.api.completeSkill({ id, skill: 'bug-reproducer', outputs });
  return { id };
};

/** Makes what a call is about, and answers an input that acts on it. */
export const FRESH: { readonly [N in Changing]: () => Promise<Input> } = {
  run: async () => ({ id: newId(), requirement: 'Do it', repository: newRepository(), ...by('waits') }),
  create: async () => ({ id: newId(), title: 'Created' }),
  update: async () => ({ ...(await created()), status: 'in_progress', note: 'begun' }),
  claim: created,
  complete: async () => ({ ...(await created()), summary: 'done' }),
  archive: over,
  remove: over,
  open: async () => ({ directory: scratchFolder('opened') }),
  upload: async () => ({ content: Buffer.from(newId()).toString('base64') }),
  forget: async () => ({ session: (await rig.api.open({ directory: scratchFolder('forgotten') })).id }),
  restart: async () => {
    await expect
      .poll(async () => (await rig.api.vitals({})).restarts.at(-1)?.phase ?? 'done', { timeout: 30_000 })
      .toBe('done');
    count += 1;
    return { timeoutSeconds: 10 + count };
  },
  startExecution: async () => ({
    ...{ id: `x_${newId()}`, loop: 'bugfix', project: newRepository() },
    inputs: { report: 'It fails' },
  }),
  updateExecution: async () => ({ ...(await begun()), status: 'paused' }),
  completeSkill: async () => ({
    ...(await begun()),
    skill: 'bug-reproducer',
    outcome: 'failed',
    summary: 'no',
  }),
  decideGate: async () => ({ ...(await asked()), gate: 'repro', decision: 'approve' }),
  steerExecution: async () => ({ ...(await begun()), steer: { act: 'abort' } }),
  approve: gated,
  reject: async () => ({ ...(await gated()), reason: 'not so' }),
  tell: async () => ({ ...(await working()), text: 'be quick' }),
  retry: over,
  cancel: created,
  revokeToken: async () => {
    const name = newId();
    await rig.api.createToken({ name, scope: 'read' });
    return { name };
  },
};
export const NAMES = Object.keys(FRESH) as Changing[];
export const ROWS = Object.entries(FRESH) as [Changing, () => Promise<Input>][];

export interface How {
  readonly key: string;
  readonly session?: string;
}
export const call = (name: Changing, input: Input, how: How, api: Pawl = rig.api): Promise<unknown> =>
  (api[name] as (input: Input, how: How) => Promise<unknown>)(input, how);
