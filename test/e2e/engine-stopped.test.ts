/**
 * An engine that is stopped (SIGSTOP, as a laptop that sleeps or a host that swaps) while it is called, through each edge: one
 * clear answer, and once it runs again nothing has been changed by those whose callers had left.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { tokenOf } from '../../src/engine/home.ts';
import { EDGES, type EdgeName, type Edges, edgesOf, type Shell } from './edges.ts';
import { type EngineRig, startRig } from './rig.ts';
import { leave, shellElsewhere, shellOfHome } from './shells.ts';

let rig: EngineRig;
let shells: readonly (readonly [string, Shell, Edges])[];
beforeAll(async () => {
  rig = await startRig();
  const [near, far] = [await shellOfHome(rig), await shellElsewhere(rig)];
  shells = [
    ['near', near, edgesOf(rig, near)],
    ['far', far, edgesOf(rig, far)],
  ];
});
afterAll(async () => {
  await Promise.all(shells.map(([, shell]) => leave(shell)));
  await rig.close();
});

/** A program of its own that gives up after a while. */
async function byHttp(id: string): Promise<unknown> {
  const request = fetch(`${rig.endpoints.api}/api/tasks/${id}/complete`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(rig.home, {})}`, 'content-type': 'application/json' },
    body: JSON.stringify({ summary: 'done' }),
    signal: AbortSignal.timeout(3_000),
  });
  return request.catch((error: Error) => error.name);
}

it('says so in time, through every edge, and nothing is changed', async () => {
  const ways = shells.flatMap(([shell, , edges]) => EDGES.map((edge) => [shell, edge, edges] as const));
  const idOf = (shell: string, edge: EdgeName) => `task-${shell}-${edge}`;
  for (const [shell, edge] of ways) await rig.api.create({ id: idOf(shell, edge), title: 'Open' });
  const before = await Promise.all(ways.map(([shell, edge]) => rig.api.show({ id: idOf(shell, edge) })));
  // Their connections are open and their programs loaded: the call is on its way when the engine is stopped.
  await Promise.all(ways.map(([shell, edge, edges]) => edges[edge]('show', { id: idOf(shell, edge) })));
  process.kill(rig.endpoints.pid, 'SIGSTOP');
  const told = await Promise.all(
    ways.map(async ([shell, edge, edges]) => {
      const id = idOf(shell, edge);
      return edge === 'http' ? byHttp(id) : edges[edge]('complete', { id, summary: 'done' });
    }),
  ).finally(() => process.kill(rig.endpoints.pid, 'SIGCONT'));
  for (const [at, [shell, edge]] of ways.entries()) {
    const error = {
      code: 'unavailable',
      message: expect.stringMatching(/cannot be reached \(no answer in time\)/),
    };
    expect({ shell, edge, told: told[at] }).toEqual({
      shell,
      edge,
      told: edge === 'http' ? 'TimeoutError' : { error: expect.objectContaining(error) },
    });
  }
  // Whatever was left in its sockets comes before this.
  await rig.pawl(['vitals']);
  const after = await Promise.all(ways.map(([shell, edge]) => rig.api.show({ id: idOf(shell, edge) })));
  expect(after).toEqual(before);
  for (const [shell, edge, edges] of ways) {
    const id = idOf(shell, edge);
    await vi.waitFor(
      async () =>
        expect({ shell, edge, told: await edges[edge]('complete', { id, summary: 'done' }) }).toMatchObject({
          told: { answer: { id, status: 'completed' } },
        }),
      { timeout: 60_000, interval: 500 },
    );
  }
}, 180_000);
