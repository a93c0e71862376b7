/** Waits for an execution to be so, as whoever shows it again and again. */
import { vi } from 'vitest';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import type { EngineRig } from './rig.ts';

export const untilExecution = (
  { api }: Pick<EngineRig, 'api'>,
  id: string,
  when: (state: ExecutionState) => boolean,
): Promise<ExecutionState> =>
  vi.waitFor(
    async () => {
      const state = await api.execution({ id });
      if (!when(state)) throw new Error(`it never got there: ${JSON.stringify(state, null, 1)}`);
      return state;
    },
    { timeout: 50_000, interval: 100 },
  );
