/** An execution of a loop as a person begins it. */
import { executionWords } from '../../domain/id-words.ts';
import type { ExecutionId } from '../../domain/ids.ts';
import type { LoopPlan } from '../../domain/loops/loop-plan.ts';
import type { Given } from '../../domain/loops/plan-words.ts';
import { openTexts, titleOfWish } from '../../domain/loops/wish.ts';
import { unusualIn } from '../../domain/priority.ts';
import { calls } from '../client/ask.ts';
import { type Texts, valuesOf } from './loop-inputs.ts';

/** The input whose value is what should be done, in words; undefined where it is not plain which it is. */
export function wishIn(inputs: LoopPlan['inputs']): string | undefined {
  const [one, ...others] = openTexts(inputs);
  return others.length === 0 ? one : undefined;
}

export interface TypedLoop {
  readonly plan: LoopPlan;
  readonly repository: string;
  readonly requirement: string;
  readonly texts: Texts;
  /** Empty: normal. */
  readonly priority: string;
}

/** All that is sent of it, but for its id. */
export function executionOf({ plan, repository, requirement, texts, priority }: TypedLoop) {
  const { loop, inputs } = plan;
  const wish = wishIn(inputs);
  const title = wish === undefined ? undefined : titleOfWish(requirement);
  return {
    loop,
    project: repository,
    // Agents of the engine, as `pawl run --loop` has it.
    driver: 'engine' as const,
    inputs: { ...valuesOf(inputs, texts), ...(wish !== undefined && { [wish]: requirement }) },
    ...(title !== undefined && { title }),
    ...unusualIn(priority),
  };
}

/** The same for who looks at it before: words that are not typed yet are still to be given. */
export function givenBy(typed: TypedLoop): Given {
  const { inputs, priority } = executionOf(typed);
  const wish = typed.requirement.trim() === '' ? wishIn(typed.plan.inputs) : undefined;
  const given = Object.entries(inputs).filter(([name]) => name !== wish);
  return { inputs: Object.fromEntries(given), priority };
}

/**
 * @param key makes the execution one and the same, however often it is sent: its id ends with a part of it
 * @throws Problem in the engine's words
 */
export async function startLoop(
  key: string,
  execution: ReturnType<typeof executionOf>,
): Promise<ExecutionId> {
  // Its schema is the engine's to apply.
  const id = executionWords(execution.loop, key.slice(-4)) as ExecutionId;
  return (await calls.startExecution({ id, ...execution }, key)).id;
}
