/** What every command gets: the world, somebody to tell, the operations, and a place for its exit code. */
import { callNamed } from '../../domain/calls.ts';
import type { CallOf, Calls, EngineClient, OperationName, OutputOf } from '../../domain/operations.ts';
import { untilAborted } from './interrupt.ts';
import type { Telling } from './telling.ts';
import type { CliWorld } from './world.ts';

export interface Cli {
  readonly world: CliWorld;
  readonly telling: Telling;
  /** The engine of this home, started where none runs. @throws Interrupted on Ctrl-C */
  engine(): Promise<EngineClient>;
  /** One operation, its input checked by the engine. @throws PawlError, or Interrupted on Ctrl-C */
  call<N extends OperationName>(name: N, input: CallOf<N>): Promise<OutputOf<N>>;
  /** Sets the exit code; 0 otherwise. */
  exit(code: number): void;
}

export function createCli(world: CliWorld, telling: Telling, exit: (code: number) => void): Cli {
  let opened: Promise<EngineClient> | undefined;
  const engine = () => {
    opened ??= world.engine(telling.notice);
    return untilAborted(opened, world.signal);
  };
  return {
    world,
    telling,
    exit,
    engine,
    async call(name, input) {
      // How the answer is told is no field of any operation.
      const { json: _, ...fields } = input as typeof input & { readonly json?: unknown };
      return untilAborted(askedOf(await engine(), name, fields as typeof input), world.signal);
    },
  };
}

/** One row's own call, which the union over all rows cannot say. */
const askedOf = <N extends OperationName>(engine: Calls, name: N, input: CallOf<N>) =>
  callNamed(engine, name)(input) as Promise<OutputOf<N>>;
