/** Loops are read, shown and checked. They are kept in files that people review, never by a call. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { CreateLoop } from '../../../domain/loops/create-loop.ts';
import { faultText, LoopFault, refusalOfFaults } from '../../../domain/loops/found-loop.ts';
import type { PlannedGate, PlannedSkill } from '../../../domain/loops/loop-plan.ts';
import type { Calls } from '../../../domain/operations.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { byLoopName } from './loop-names.ts';
import { given, inWords, LOOKS, wrong } from './words.ts';

/** With those of the client's directory, where that is a repository whose loops may be read. */
async function here<T>(
  { directory }: ToolContext,
  act: (where: { readonly repository?: string }) => Promise<T>,
): Promise<{ readonly found: T; readonly without?: string }> {
  try {
    return { found: await act({ repository: directory }) };
  } catch (error) {
    if (!(error instanceof PawlError) || !['precondition', 'forbidden'].includes(error.code)) throw error;
    return { found: await act({}), without: error.message };
  }
}

export const listLoops = tool({
  name: 'list_loops',
  title: 'List loops',
  description:
    'List the loops that start_execution can begin: those of your repository, of the home, and those that come with Pawl.',
  input: z.strictObject({}),
  output: z.looseObject({
    loops: z.array(z.looseObject({ id: z.string(), name: z.string(), description: z.string() })),
    count: z.int(),
  }),
  hints: LOOKS,
  async call(engine, _, context) {
    const { found, without } = await here(context, (where) => engine.loops(where));
    const loops = found.loops.map(({ loop: id, title: name = id, description = '', faults, ...more }) => ({
      ...{ id, name, description, ...more },
      ...(faults.length > 0 && { faults: faults.map(faultText) }),
    }));
    return {
      structured: { loops, count: loops.length, ...given('withoutRepository', without) },
      text: [
        ...loops.map(({ id, name }) => `${id}  ${name}`),
        ...(without === undefined ? [] : [`without those of your directory: ${without}`]),
      ].join('\n'),
    };
  },
});

export const getLoop = tool({
  name: 'get_loop',
  title: 'Look at a loop',
  description:
    'Get a loop: the inputs that start_execution wants, its phases with their skills, and its gates.',
  input: z.strictObject({ id: z.string().min(1).max(200) }),
  output: z.looseObject({
    ...{ id: z.string(), name: z.string(), version: z.string(), description: z.string() },
    inputs: z.array(z.looseObject({ name: z.string(), type: z.string(), required: z.boolean() })),
    phases: z.array(z.looseObject({ name: z.string(), skills: z.array(z.looseObject({})) })),
    gates: z.array(z.looseObject({ id: z.string(), name: z.string(), afterPhase: z.string() })),
  }),
  hints: LOOKS,
  async call(engine, { id }, context) {
    const look = (where: { readonly repository?: string }) =>
      byLoopName(id, 'id', (loop) => engine.loop({ loop, ...where }));
    const { source, file, digest, plan } = (await here(context, look)).found;
    const { loop, title: name = loop, description = '', inputs, phases, budget } = plan;
    const structured = {
      ...{ id: loop, name, version: digest, description, inputs, source, file, ...given('budget', budget) },
      phases: phases.map(({ id: phase, title, required, skills }) => ({
        ...{ name: phase, title: title ?? phase, required },
        skills: skills.map(skillEntry),
      })),
      gates: phases.flatMap((phase) => phase.gates.map((gate) => gateOf(phase.id, gate))),
    };
    const lines = phases.map((phase) => `${phase.id}: ${phase.skills.map((skill) => skill.id).join(', ')}`);
    return { structured, text: [`${loop}: ${name}`, ...lines].join('\n') };
  },
});

const skillEntry = ({
  id,
  title = id,
  by,
  returns,
  guarantees,
  when,
  timeout,
  repeat,
  forEach,
}: PlannedSkill) => ({
  ...{ id, title, by, returns, guarantees },
  ...given('when', when),
  ...given('timeout', timeout),
  ...given('repeat', repeat),
  ...given('forEach', forEach),
});

const gateOf = (afterPhase: string, { id, title: name = id, kind, when, ...gate }: PlannedGate) => {
  const asked = when === undefined ? 'human' : 'conditional';
  return {
    id,
    name,
    afterPhase,
    approvalType: kind === 'check' ? 'auto' : asked,
    ...given('when', when),
    ...gate,
  };
};

const checked = (engine: Calls, definition: object, file: string) =>
  engine.checkLoop({ text: JSON.stringify(definition, null, 2), file });

export const validateLoop = tool({
  name: 'validate_loop',
  title: 'Check a loop',
  description:
    'Check a loop that is there (id), or a definition that is not (config, as create_loop takes it or as a file in .pawl/loops has it). Every fault is told.',
  input: z.strictObject({
    id: z.string().min(1).max(200).optional(),
    config: z.record(z.string(), z.unknown()).optional(),
  }),
  output: z.looseObject({ valid: z.boolean(), id: z.string(), errors: z.array(LoopFault) }),
  hints: LOOKS,
  async call(engine, { id, config }, context) {
    if ((id === undefined) === (config === undefined))
      throw wrong('id', 'expected either id or config: what is checked');
    const { loop, faults } =
      config !== undefined
        ? await checked(engine, config, 'config')
        : await thatIsThere(engine, id ?? '', context);
    const valid = faults.length === 0;
    return {
      structured: { valid, id: loop, errors: [...faults] },
      text: valid ? `${loop} is valid` : faults.map(faultText).join('\n'),
    };
  },
});

async function thatIsThere(engine: Calls, id: string, context: ToolContext) {
  const find = (where: { readonly repository?: string }) =>
    byLoopName(id, 'id', async (loop) => {
      const found = (await engine.loops(where)).loops.find((one) => one.loop === loop);
      // It says which there are.
      return found ?? { ...(await engine.loop({ loop, ...where })), loop, faults: [] };
    });
  return (await here(context, find)).found;
}

export const createLoop = tool({
  name: 'create_loop',
  title: 'Check a new loop',
  description:
    'Check a new loop, and say how to keep it: a loop is a file that people review, so no call stores one. What is wrong with it is told.',
  input: CreateLoop,
  output: z.looseObject({}),
  hints: LOOKS,
  async call(engine, definition) {
    const { loop, faults } = await inWords({}, () => checked(engine, definition, 'create_loop'));
    if (faults.length > 0) throw refusalOfFaults(faults);
    const file = `.pawl/loops/${loop}.yaml`;
    const text = JSON.stringify(definition, null, 2);
    throw new PawlError(
      'precondition',
      `the loop ${loop} is valid, and was kept nowhere: write this definition, as the JSON it is, to ${file} and commit it, or to loops/${loop}.yaml in Pawl's home; \`pawl loops new\` writes a first one to begin with`,
      { details: { file, text } },
    );
  },
});
