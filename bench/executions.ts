/**
 * Executions of loops on an engine of its own process: how soon a phase follows an answered gate, many that clients work on at
 * once, and one skill that is done for each of a long list.
 */
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { createClient } from '../src/client/temporal-client.ts';
import type { Pawl } from '../src/client.ts';
import type { Endpoints } from '../src/engine/endpoints.ts';
import { type Contender, withBareWorkflows } from './contenders.ts';
import { withDetachedEngine } from './detached-engine.ts';
import { quietSdk } from './engine.ts';
import { type LoopName, writeLoops } from './execution-loops.ts';
import type { Figure } from './figures.ts';
import { measureForEach } from './for-each.ts';
import { measureGates } from './gates.ts';
import { environmentIn } from './homes.ts';
import { measureManyExecutions } from './many-executions.ts';
import { makeRepository } from './repository.ts';

export interface ExecutionCounts {
  /** Executions of which a gate is answered. */
  readonly gates: number;
  readonly atOnce: number;
  /** Of a `for_each`. */
  readonly items: number;
}

/** Where executions are measured, and bare workflows beside them. */
export interface ExecutionGround {
  readonly api: Pawl;
  readonly client: ReturnType<typeof createClient>;
  readonly bare: Contender;
  readonly pid: number;
  /** Begins one in the repository that is there for it. */
  begin(id: string, loop: LoopName): Promise<unknown>;
}

/** @param folder where the home and the repository are made */
export async function measureExecutions(folder: string, counts: ExecutionCounts): Promise<Figure[]> {
  const home = join(folder, 'home');
  writeLoops(home, counts.items);
  const project = await makeRepository(join(folder, 'repository'));
  return withDetachedEngine(environmentIn(home), ({ api, endpoints }) =>
    withBare(endpoints, async (there) => {
      const ground: ExecutionGround = {
        ...{ api, pid: endpoints.pid, ...there },
        begin: (id, loop) => api.startExecution({ id, loop, project, driver: driverOf(loop) }),
      };
      return [
        ...(await measureGates(ground, counts.gates)),
        ...(await measureManyExecutions(ground, counts.atOnce)),
        ...(await measureForEach(ground, counts.items)),
      ];
    }),
  );
}

const driverOf = (loop: LoopName): 'client' | 'engine' =>
  loop === 'gated' || loop === 'plain' ? 'client' : 'engine';

async function withBare<T>(
  { temporal, namespace }: Endpoints,
  work: (there: Pick<ExecutionGround, 'client' | 'bare'>) => Promise<T>,
): Promise<T> {
  quietSdk();
  const connection = await NativeConnection.connect({ address: temporal });
  try {
    const client = createClient(connection, namespace);
    return await withBareWorkflows({ connection, client, namespace }, (bare) => work({ client, bare }));
  } finally {
    await connection.close();
  }
}
