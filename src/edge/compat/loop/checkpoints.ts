/** What a client notes for whoever goes on after it. */
import { z } from 'zod';
import { tool } from '../../mcp/tool.ts';
import { executionOf } from './finding.ts';
import { given, LOOKS, OfExecution, PartId, WORKS } from './words.ts';

export const saveCheckpoint = tool({
  name: 'save_checkpoint',
  title: 'Save a checkpoint',
  description:
    'Keep data with an execution for whoever goes on, over the checkpoint of before: it survives whatever ends.',
  input: z.strictObject({
    ...OfExecution,
    phase: PartId,
    skillId: PartId.optional(),
    data: z.record(z.string(), z.unknown()),
  }),
  output: z.looseObject({
    executionId: z.string(),
    phase: z.string(),
    savedAt: z.string(),
    message: z.string(),
  }),
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId, phase, skillId, data }, { keyed }) {
    const { id } = await executionOf(engine, executionId);
    await engine.updateExecution(
      { id, checkpoint: { phase, data, ...given('skill', skillId) } },
      keyed?.context,
    );
    const { checkpoint } = await executionOf(engine, id);
    const message = `a checkpoint in ${phase} is kept`;
    const savedAt = checkpoint?.savedAt ?? '';
    return {
      structured: { executionId: id, phase, ...given('skillId', skillId), savedAt, message },
      text: message,
    };
  },
});

export const loadCheckpoint = tool({
  name: 'load_checkpoint',
  title: 'Load the checkpoint',
  description:
    'Read what save_checkpoint has kept last. How the execution itself stands, get_execution tells.',
  input: z.strictObject(OfExecution),
  output: z.looseObject({
    found: z.boolean(),
    phase: z.string().nullable(),
    skillId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()).nullable(),
    savedAt: z.string().nullable(),
  }),
  hints: LOOKS,
  async call(engine, { executionId }) {
    const { checkpoint } = await executionOf(engine, executionId);
    const { phase = null, skill = null, data = null, savedAt = null } = checkpoint ?? {};
    const found = checkpoint !== undefined;
    return {
      structured: { found, phase, skillId: skill, data, savedAt },
      text: found ? `in ${phase}, saved at ${savedAt}:\n${JSON.stringify(data)}` : 'there is none',
    };
  },
});
