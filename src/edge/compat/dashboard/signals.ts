/** Open gates under the word that the pipeline has for them, and the decision about one. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { ExecutionId, TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { type Open, openDecisions } from './decisions.ts';
import { type Asked, route } from './route.ts';

const TYPES = [
  ...['requirement', 'decision_needed', 'innovation_detected'],
  ...['quality_issue', 'integration_ready', 'deployment_signal'],
] as const;

export const signals = route({
  name: 'signals',
  summary: 'List open gates as signals',
  method: 'GET',
  path: '/api/signals',
  scope: 'read',
  input: z.strictObject({
    type: z
      .enum(TYPES)
      .optional()
      .describe('decision_needed: approvals; quality_issue: escalations; no gate is one of the others'),
  }),
  output: z.object({
    signals: z.array(
      z.object({
        id: z.string(),
        type: z.enum(TYPES),
        source: z.string().describe('the task or execution that waits'),
        data: z.looseObject({}).describe('as GET /api/decisions tells it'),
        confidence: z.number().describe('always 1: a gate is open or is not'),
        timestamp: z.iso.datetime().nullable(),
      }),
    ),
    count: z.int(),
  }),
  async answer(asked, { type }) {
    const all = (await openDecisions(asked)).map(signalOf);
    const selected = all.filter((signal) => type === undefined || signal.type === type);
    return { signals: selected, count: selected.length };
  },
});

/** Pure. */
export const signalOf = (open: Open) => ({
  id: open.signal_id,
  type: open.gate_kind === 'escalation' ? ('quality_issue' as const) : ('decision_needed' as const),
  source: open.id,
  data: open,
  confidence: 1,
  timestamp: open.waiting_since,
});

const APPROVE = ['approve', 'approved', 'accept', 'accepted', 'yes'];
const REJECT = ['reject', 'rejected', 'decline', 'declined', 'no'];

export const decide = route({
  name: 'decideSignal',
  summary: 'Decide about an open gate',
  method: 'POST',
  path: '/api/decisions',
  scope: 'approve',
  input: z.strictObject({
    signal_id: z
      .string()
      .min(1)
      .max(300)
      .describe('<task or execution>/<gate>, as GET /api/decisions tells it'),
    decision: z
      .string()
      .min(1)
      .max(100)
      .describe('approve or reject; to approve an escalation has the agent try again'),
    rationale: z
      .string()
      .min(1)
      .max(LIMITS.noteCharsMax)
      .optional()
      .describe('why; has to be there with reject, because whoever works on it is told it'),
    digest: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('of what was shown: where something else is shown by now, nothing is decided'),
  }),
  output: z.object({
    status: z.literal('success'),
    message: z.string(),
    id: z.string(),
    gate: z.string(),
    task_status: z.string().describe('how the task or execution is now'),
  }),
  async answer(asked, { signal_id, decision: said, rationale, digest }) {
    const decision = decisionIn(said);
    if (decision === 'reject' && rationale === undefined)
      throw wrong('rationale', 'expected why it is rejected: whoever works on it is told');
    const named = { ...signalIn(signal_id), ...(digest !== undefined && { digest }), via: 'http' as const };
    const { status } = await send(asked, named, decision, rationale);
    const message = `${named.gate} of ${named.id} is ${decision === 'approve' ? 'approved' : 'rejected'}`;
    return { status: 'success' as const, message, id: named.id, gate: named.gate, task_status: status };
  },
});

interface Named {
  readonly id: string;
  readonly gate: string;
  readonly digest?: string;
  readonly via: 'http';
}

/** Through the operation of each, which says who may and what is stale. */
async function send(
  { calls, context }: Asked,
  { id, ...named }: Named,
  decision: 'approve' | 'reject',
  reason: string | undefined,
): Promise<{ readonly status: string }> {
  const execution = ExecutionId.safeParse(id);
  if (execution.success) {
    const why = reason === undefined ? {} : { reason };
    return calls.decideGate({ id: execution.data, ...named, decision, ...why }, context);
  }
  const of = { id: TaskId.parse(id), ...named };
  return decision === 'approve'
    ? calls.approve(of, context)
    : calls.reject({ ...of, reason: reason ?? '' }, context);
}

/** @throws PawlError `not_found` for what no signal is called */
function signalIn(name: string): Pick<Named, 'id' | 'gate'> {
  const [id = '', gate = '', ...more] = name.split('/');
  const isOne = (TaskId.safeParse(id).success || ExecutionId.safeParse(id).success) && gate !== '';
  if (isOne && more.length === 0) return { id, gate };
  throw new PawlError('not_found', 'there is no such signal: GET /api/decisions lists those that are open');
}

/** @throws PawlError `invalid_input` */
function decisionIn(text: string): 'approve' | 'reject' {
  const word = text.trim().toLowerCase();
  if (APPROVE.includes(word)) return 'approve';
  if (REJECT.includes(word)) return 'reject';
  throw wrong('decision', 'expected approve or reject, got another word');
}

const wrong = (field: string, words: string): PawlError =>
  new PawlError('invalid_input', `${field}: ${words}`, { details: [[field]] });
