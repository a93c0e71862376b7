/** Tools of toolset `loop` in front of an engine that goes away and comes back, with a spool in a real folder. */
import { createSpoolFolder } from '../../../../src/adapters/files/spool-folder.ts';
import { callNamed, callsBy } from '../../../../src/domain/calls.ts';
import type { EngineApi } from '../../../../src/domain/operations.ts';
import { loopTools } from '../../../../src/edge/compat/loop/toolset.ts';
import { Unreachable } from '../../../../src/edge/http/exchange.ts';
import type { AwayDeps } from '../../../../src/edge/mcp/away/persistent-call.ts';
import { scratchFolder } from '../../../adapters/scratch-repository.ts';
import { createLoopRig } from '../../compat/loop/fake-engine.ts';
import { deps } from '../deps.ts';
import { type LineClient, lineClient } from '../line-client.ts';

type Fails = (operation: string) => Error | undefined;

export const GONE = 'the engine cannot be reached (ECONNREFUSED)';
/** So many calls do not reach it. */
export const gone = (times: number): Fails => {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? new Unreachable(GONE) : undefined;
  };
};
export const BACK: Fails = () => undefined;

export interface FlakyRig {
  fails: Fails;
  readonly executionId: string;
  /** What was asked of the engine, reached or not, and what was done to bring it back. */
  readonly asked: string[];
  readonly loop: ReturnType<typeof createLoopRig>;
  readonly folder: string;
  client(era: '2025' | '2026', how?: Parameters<typeof lineClient>[1]): Promise<LineClient>;
}

export async function flakyRig(more: Partial<AwayDeps> = {}): Promise<FlakyRig> {
  const loop = createLoopRig();
  const executionId = await loop.start('plain');
  loop.calls.length = 0;
  const folder = scratchFolder('spool');
  const asked: string[] = [];
  const engine = callsBy((name) => async (input, context) => {
    asked.push(name);
    const failure = rig.fails(name);
    if (failure !== undefined) throw failure;
    return callNamed(loop.handlers, name)(input, context);
  });
  const rig: FlakyRig = {
    ...{ fails: BACK, executionId, asked, loop, folder },
    client: (era, how = {}) =>
      lineClient(
        deps({
          engine: engine as unknown as EngineApi,
          tools: loopTools,
          away: {
            delaysMs: [0, 0],
            bringBack: async () => void asked.push('bring back'),
            lookAgain: async () => void asked.push('look again'),
            spool: createSpoolFolder(folder),
            skipsUnasked: false,
            ...more,
          },
        }),
        { era, ...how },
      ),
  };
  return rig;
}
