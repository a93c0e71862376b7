/** A requirement in words, as the operation `run` takes it: an agent's work in a repository, which has to be named. */

import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { digestOfText } from '../../../domain/digest.ts';
import { PawlError } from '../../../domain/failures.ts';
import { taskIdFrom } from '../../../domain/ids.ts';
import { issueWords } from '../../../domain/issue-words.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { RunInput } from '../../../domain/operation-schemas.ts';
import { type PriorityWord, unusualIn } from '../../../domain/priority.ts';
import { Priority } from '../../../domain/task-spec.ts';
import { route } from './route.ts';

/** Of a requirement's context, what `run` knows. */
const KNOWN = ['repository', 'base', 'dir', 'agent', 'id'] as const;

const Content = z.string().trim().min(1).max(LIMITS.requirementCharsMax);

export const submitRequirement = route({
  name: 'submitRequirement',
  summary: 'Give a requirement to an agent: `run`, under the name that the pipeline has for it',
  method: 'POST',
  path: '/api/requirements',
  scope: 'operate',
  input: z.strictObject({
    content: Content.optional().describe('has to be there, under this name or as requirement'),
    requirement: Content.optional(),
    priority: z
      .union([z.int().min(1).max(10), Priority])
      .optional()
      .describe(
        'a word as run takes it, or a number: up to 3 is low, up to 6 normal, up to 8 high, above critical; default 5, normal',
      ),
    context: z
      .record(z.string().max(100), z.unknown())
      .optional()
      .describe(
        `has to name repository, an absolute path; may name ${KNOWN.slice(1).join(', ')}, as run takes them`,
      ),
    metadata: z.record(z.string().max(100), z.unknown()).optional().describe('another name for context'),
  }),
  output: z.object({
    status: z.literal('accepted'),
    requirement_id: z.string().describe('the id of its task'),
    message: z.string(),
  }),
  async answer({ calls, context: call }, given) {
    const { content = given.requirement, context = given.metadata ?? {} } = given;
    if (content === undefined) throw wrong('content', 'expected what should be done, in words');
    const run = { ...runOf(content, context, call.key), ...unusualIn(wordOf(given.priority)) };
    const { id, created } = await calls.run(run, call);
    const message = `task ${id} ${created ? 'has begun' : 'was there already'}: GET /api/tasks/${id} shows it`;
    return { status: 'accepted' as const, requirement_id: id, message };
  },
});

/** Of numbers, of which 5 is the usual one, the highest are the most urgent. */
function wordOf(priority: number | PriorityWord | undefined): PriorityWord | undefined {
  if (typeof priority !== 'number') return priority;
  return priority <= 3 ? 'low' : priority <= 6 ? 'normal' : priority <= 8 ? 'high' : 'critical';
}

/** @throws PawlError `invalid_input` naming what is missing, or what nothing would be done with */
function runOf(
  requirement: string,
  context: Readonly<Record<string, unknown>>,
  key: string | undefined,
): RunInput {
  if (context.repository === undefined)
    throw wrong(
      'context.repository',
      'expected the absolute path of the git repository to work in: an agent has no other place',
    );
  const others = Object.keys(context).filter((name) => !KNOWN.some((known) => known === name));
  if (others.length > 0)
    throw wrong(
      'context',
      `expected ${KNOWN.join(', ')} alone, got others: say in content what the agent should know`,
    );
  const { agent, id, ...where } = context;
  const title = requirement.split('\n', 1)[0] ?? '';
  const named = typeof agent === 'string' ? { agent: { name: agent } } : agent === undefined ? {} : { agent };
  const asked = { ...where, ...named, requirement, id: id ?? taskIdFrom(title, suffixOf(requirement, key)) };
  const parsed = RunInput.safeParse(asked, { error: issueWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`context.${issue?.path.join('.') ?? ''}`, issue?.message ?? 'expected another value');
}

/** With a key always the same one, so that the same call again finds what the first one made. */
const suffixOf = (requirement: string, key: string | undefined): string =>
  key === undefined
    ? randomInt(36 ** 5)
        .toString(36)
        .padStart(5, '0')
    : digestOfText(`${key}\n${requirement}`).slice(-12);

const wrong = (field: string, words: string): PawlError =>
  new PawlError('invalid_input', `${field}: ${words}`, { details: [field.split('.')] });
