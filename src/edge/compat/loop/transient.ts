/** Files that a client keeps beside an execution: contents are artifacts, the execution knows their names. */
import { z } from 'zod';
import type { ExecutionState } from '../../../domain/executions/execution-state.ts';
import { TRANSIENT_CATEGORIES, type TransientFile } from '../../../domain/executions/transient-files.ts';
import { PawlError } from '../../../domain/failures.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import { partOf } from '../../mcp/parts.ts';
import { tool } from '../../mcp/tool.ts';
import { executionOf } from './finding.ts';
import { given, LOOKS, OfExecution, WORKS } from './words.ts';

const Category = z.enum(TRANSIENT_CATEGORIES);
const Name = z.string().min(1).max(200);
const Entry = z.looseObject({ category: Category, name: z.string(), bytes: z.int(), writtenAt: z.string() });

const entryOf = ({ category, name, digest, bytes = 0, metadata = {}, writtenAt }: TransientFile) => ({
  ...{ category, name, bytes, metadata, writtenAt, digest },
});

const filesOf = ({ transient = [] }: ExecutionState): readonly TransientFile[] => transient;

export const writeTransient = tool({
  name: 'write_transient',
  title: 'Keep a file beside an execution',
  description:
    'Keep a text beside an execution under a name, over what was there: it survives whatever ends.',
  input: z.strictObject({
    ...OfExecution,
    category: Category,
    name: Name,
    content: z.string().max(LIMITS.detailCharsMax),
    metadata: z.record(z.string(), z.unknown()).optional(),
  }),
  output: z.looseObject({ executionId: z.string(), file: Entry, message: z.string() }),
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId, category, name, content, metadata }, { keyed }) {
    const { id } = await executionOf(engine, executionId);
    const { digest, bytes } = await engine.upload({ content: Buffer.from(content).toString('base64'), name });
    const change = { category, name, digest, bytes, ...given('metadata', metadata) };
    await engine.updateExecution({ id, transient: [change] }, keyed?.context);
    const kept = fileIn(await executionOf(engine, id), category, name);
    const message = `${category}/${name} is kept, ${bytes} bytes`;
    // Somebody may have removed it again.
    const file = kept === undefined ? { ...change, bytes, writtenAt: '' } : entryOf(kept);
    return { structured: { executionId: id, file, message }, text: message };
  },
});

const fileIn = (state: ExecutionState, category: string, name: string): TransientFile | undefined =>
  filesOf(state).find((one) => one.category === category && one.name === name);

export const readTransient = tool({
  name: 'read_transient',
  title: 'Read a file beside an execution',
  description:
    'Read a text that write_transient has kept. Of a long one it is the beginning, and resource has all of it.',
  input: z.strictObject({ ...OfExecution, category: Category, name: Name }),
  output: Entry.extend({ content: z.string(), isWhole: z.boolean(), resource: z.string() }),
  hints: LOOKS,
  async call(engine, { executionId, category, name }) {
    const state = await executionOf(engine, executionId);
    const file = fileIn(state, category, name);
    if (file === undefined) throw noFile(state, category, name);
    const slice = await engine.artifact({ digest: file.digest });
    const { content, next } = partOf(Buffer.from(slice.content, 'base64'), 0, CONTENT_BYTES_MAX);
    const text = 'text' in content ? content.text : '';
    const isWhole = next === undefined && slice.next === null;
    const resource = `pawl://artifacts/${file.digest}`;
    return {
      structured: { ...entryOf(file), content: text, isWhole, resource },
      text: isWhole
        ? text
        : `${text}\n(the beginning of ${slice.bytes} bytes: the resource ${resource} has all)`,
    };
  },
});

/** What a model reads at once. */
const CONTENT_BYTES_MAX = 512 * 1024;

function noFile(state: ExecutionState, category: string, name: string): PawlError {
  const there = filesOf(state).map((one) => `${one.category}/${one.name}`);
  const words = there.length === 0 ? 'there is none' : `expected one of ${clip(there.join(', '), 1_000)}`;
  return new PawlError(
    'not_found',
    `name: there is no file ${category}/${name} beside ${state.id}: ${words}`,
    {
      details: [['name']],
    },
  );
}

export const listTransient = tool({
  name: 'list_transient',
  title: 'List files beside an execution',
  description: 'List what write_transient has kept beside an execution, the latest last.',
  input: z.strictObject({ ...OfExecution, category: Category.optional() }),
  output: z.object({ executionId: z.string(), files: z.array(Entry), count: z.int() }),
  hints: LOOKS,
  async call(engine, { executionId, category }) {
    const state = await executionOf(engine, executionId);
    const files = filesOf(state)
      .filter((one) => category === undefined || one.category === category)
      .map(entryOf);
    const text = files.map((one) => `${one.category}/${one.name}  ${one.bytes} bytes`).join('\n');
    return {
      structured: { executionId: state.id, files, count: files.length },
      text: text || 'there are none',
    };
  },
});

export const cleanupTransient = tool({
  name: 'cleanup_transient',
  title: 'Remove files beside an execution',
  description:
    'Remove what write_transient has kept beside an execution; with scratchOnly only what is scratch. The checkpoint stays.',
  input: z.strictObject({ ...OfExecution, scratchOnly: z.boolean().default(false) }),
  output: z.looseObject({ executionId: z.string(), removed: z.array(z.string()), message: z.string() }),
  hints: { ...WORKS, destructive: true },
  keeps: 'call',
  async call(engine, { executionId, scratchOnly }, { keyed }) {
    const state = await executionOf(engine, executionId);
    const files = filesOf(state).filter(({ category }) => !scratchOnly || category === 'scratch');
    const transient = files.map(({ category, name }) => ({ category, name, digest: null }));
    if (transient.length > 0) await engine.updateExecution({ id: state.id, transient }, keyed?.context);
    const removed = files.map(({ category, name }) => `${category}/${name}`);
    const message = `${removed.length} files are removed`;
    return { structured: { executionId: state.id, removed, message }, text: message };
  },
});

export const getTransientState = tool({
  name: 'get_transient_state',
  title: 'Look what is kept beside an execution',
  description:
    'Tell how many files are kept beside an execution, of each category, and whether there is a checkpoint.',
  input: z.strictObject(OfExecution),
  output: z.looseObject({
    executionId: z.string(),
    files: z.record(z.string(), z.int()),
    totalFiles: z.int(),
    totalBytes: z.int(),
    checkpoint: z.looseObject({ found: z.boolean() }),
  }),
  hints: LOOKS,
  async call(engine, { executionId }) {
    const state = await executionOf(engine, executionId);
    const files = filesOf(state);
    const counts = TRANSIENT_CATEGORIES.map((category) => [
      category,
      files.filter((one) => one.category === category).length,
    ]);
    const { phase, savedAt } = state.checkpoint ?? {};
    const structured = {
      executionId: state.id,
      files: Object.fromEntries(counts),
      totalFiles: files.length,
      totalBytes: files.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
      checkpoint: {
        found: state.checkpoint !== undefined,
        ...given('phase', phase),
        ...given('savedAt', savedAt),
      },
    };
    return { structured, text: `${files.length} files, ${structured.totalBytes} bytes` };
  },
});
