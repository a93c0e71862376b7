/** Beginning an execution. */
import { basename, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { digestOf } from '../../../domain/digest.ts';
import {
  AUTONOMIES,
  type ExecutionState,
  isOver,
  MODES,
} from '../../../domain/executions/execution-state.ts';
import { ExecutionId, executionIdFrom } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { LoopId } from '../../../domain/loops/loop-words.ts';
import { Value } from '../../../domain/loops/value-schemas.ts';
import type { CallOf, Calls } from '../../../domain/operations.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { answerOf, Standing } from './answers.ts';
import { executionOf } from './finding.ts';
import { byLoopName } from './loop-names.ts';
import { given, inWords, WORKS } from './words.ts';

export const startExecution = tool({
  name: 'start_execution',
  title: 'Begin an execution',
  description:
    'Begin a run of a loop, whose skills you do one by one: todo says which now (skillId, brief; item, returns and guarantees where complete_skill needs them). The same call again finds the run that is under way; an id of your own begins another beside it.',
  input: z.strictObject({
    loopId: z.string().min(1).max(200),
    project: z
      .string()
      .min(1)
      .max(4096)
      .describe('a path in the git repository in which it is worked; . or its name for your directory'),
    mode: z.enum(MODES).optional(),
    autonomy: z.enum(AUTONOMIES).default('supervised'),
    inputs: z.record(z.string().max(40), Value).optional().describe('of the loop: get_loop tells them'),
    id: ExecutionId.optional(),
    title: z.string().min(1).max(LIMITS.titleShownCharsMax).optional(),
  }),
  output: z.looseObject({
    id: z.string(),
    loopId: z.string(),
    project: z.string(),
    created: z.boolean(),
    ...Standing,
    preLoopContext: z.object({
      requiredDeliverables: z.array(
        z.object({ phase: z.string(), skill: z.string(), deliverables: z.array(z.string()) }),
      ),
      skillGuarantees: z.array(
        z.object({ skill: z.string(), guaranteeCount: z.int(), guaranteeNames: z.array(z.string()) }),
      ),
      dreamStatePath: z.null(),
      roadmapPath: z.null(),
      roadmapStatus: z.null(),
    }),
  }),
  hints: WORKS,
  keeps: 'whole',
  needsAnswer: true,
  async call(engine, { loopId, project: place, id, ...more }, context) {
    const project = projectOf(place, context.directory);
    const { state, created } = await inWords(NAMES, () =>
      byLoopName(loopId, 'loopId', (loop) => begin(engine, { loop, project, ...more }, id, context)),
    );
    const { loop, status } = state;
    const how = created ? 'is begun' : `was there already, begun at ${state.startedAt}, and is ${status}`;
    return answerOf(state, () => ({
      fields: {
        ...{ id: state.id, loopId: loop, project: state.project, created },
        preLoopContext: contextOf(state),
      },
      message: `execution ${state.id} of the loop ${loop} ${how}`,
    }));
  },
});

const NAMES = { loop: 'loopId' };

/** Clients give a path, or the name of the project that they are in. */
const projectOf = (given: string, directory: string): string =>
  isAbsolute(given) ? given : given === basename(directory) ? directory : resolve(directory, given);

type Body = Omit<CallOf<'startExecution'>, 'id' | 'loop'> & { readonly loop: LoopId };

interface Begun {
  readonly state: ExecutionState;
  readonly created: boolean;
}

async function begin(
  engine: Calls,
  body: Body,
  own: ExecutionId | undefined,
  { keyed }: ToolContext,
): Promise<Begun> {
  const once = async (id: ExecutionId): Promise<Begun> => {
    const { created } = await engine.startExecution({ id, ...wellFormed(body) }, keyed?.context);
    return { state: await executionOf(engine, id), created };
  };
  if (own !== undefined) return once(own);
  if (keyed !== undefined) return once(executionIdFrom(body.loop, keyed.id.slice(0, 16)));
  const word = digestOf(body).slice('sha256:'.length, 'sha256:'.length + 12);
  // What was begun by the same words and is over does not count: they mean another one.
  for (let number = await nextNumber(engine, body.loop, word); ; number += 1) {
    const begun = await once(idOf(body.loop, word, number));
    if (begun.created || !isOver(begun.state.status)) return begun;
  }
}

const wellFormed = ({ loop, project, ...more }: Body) => ({
  ...{ loop, project },
  ...given('inputs', more.inputs),
  ...given('autonomy', more.autonomy),
  ...given('mode', more.mode),
  ...given('title', more.title),
});

const idOf = (loop: string, word: string, number: number): ExecutionId =>
  executionIdFrom(loop, number === 1 ? word : `${word}-${number}`);

/** A start is idempotent by its id, so two calls at the same moment begin one execution. */
async function nextNumber(engine: Calls, loop: LoopId, word: string): Promise<number> {
  const { executions } = await engine.executions({ loop, limit: LIMITS.listPageMax });
  const first = idOf(loop, word, 1);
  const numbers = executions.flatMap(({ id, status }) => {
    const number = id === first ? 1 : id.startsWith(`${first}-`) ? Number(id.slice(first.length + 1)) : 0;
    return number > 0 ? [isOver(status) ? number + 1 : number] : [];
  });
  return Math.max(1, ...numbers);
}

/** What has to be there in the end, before anything is done. */
function contextOf({ phases }: ExecutionState) {
  const skills = phases.flatMap(({ id: phase, skills: all }) => all.map((skill) => ({ phase, skill })));
  const held = skills.filter(({ skill }) => skill.guarantees.length > 0);
  return {
    requiredDeliverables: held.flatMap(({ phase, skill }) => {
      const deliverables = skill.guarantees.filter(({ required }) => required).map(({ text }) => text);
      return deliverables.length === 0 ? [] : [{ phase, skill: skill.id, deliverables }];
    }),
    skillGuarantees: held.map(({ skill: { id, guarantees } }) => ({
      skill: id,
      guaranteeCount: guarantees.length,
      guaranteeNames: guarantees.map((one) => one.id),
    })),
    ...{ dreamStatePath: null, roadmapPath: null, roadmapStatus: null },
  };
}
