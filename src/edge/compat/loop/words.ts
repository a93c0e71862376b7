/** The words of the loop orchestrator's tools, as its clients know them, and what they are in Pawl. Pure. */
import { z } from 'zod';
import type { ExecutionStatus, GateStatus, GateView } from '../../../domain/executions/execution-state.ts';
import { PawlError } from '../../../domain/failures.ts';

export const ExecutionIdField = z.string().min(1).max(200).describe('the id that start_execution answered');
export const OfExecution = { executionId: ExecutionIdField };
/** Of a skill, a gate or a guarantee, as the loop has it. */
export const PartId = z.string().min(1).max(63);
export const Deliverables = z.array(z.string().min(1).max(500)).max(100).describe('paths of what was made');

/** Hints of a tool that only looks; that reports or goes on; that a person decides. */
export const LOOKS = { readOnly: true, destructive: false, idempotent: true } as const;
export const WORKS = { readOnly: false, destructive: false, idempotent: true } as const;
export const DECIDES = { readOnly: false, destructive: true, idempotent: true } as const;

export const OUTCOMES = ['success', 'failed', 'abandoned'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** undefined while it is under way. */
export function outcomeOf(status: ExecutionStatus): Outcome | undefined {
  if (status === 'completed') return 'success';
  if (status === 'aborted') return 'abandoned';
  return status === 'failed' ? 'failed' : undefined;
}

const GATE_WORDS: Readonly<Record<GateStatus, 'pending' | 'approved' | 'rejected'>> = {
  pending: 'pending',
  looking: 'pending',
  open: 'pending',
  approved: 'approved',
  rejected: 'rejected',
  failed: 'rejected',
  none: 'pending',
};

export const GateEntry = z.looseObject({
  gateId: z.string(),
  name: z.string(),
  afterPhase: z.string(),
  status: z.enum(['pending', 'approved', 'rejected']),
  state: z.string().describe("Pawl's word: open waits for a person, none is not needed"),
  enabled: z.boolean(),
  approvalType: z.enum(['human', 'auto', 'conditional']),
  required: z.boolean(),
});

export function gateEntry({ id, title = id, status, ...gate }: GateView): z.infer<typeof GateEntry> {
  return { gateId: id, name: title, status: GATE_WORDS[status], state: status, ...gate };
}

export const given = <K extends string, V>(key: K, value: V | undefined) =>
  value === undefined ? {} : { [key]: value };

/** A problem is told with the name that the caller gave. */
export async function inWords<T>(names: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    const message = error.message.replaceAll(
      /(^|; )([A-Za-z]+)(?=[:.])/g,
      (whole, before: string, field: string) =>
        Object.hasOwn(names, field) ? `${before}${names[field]}` : whole,
    );
    throw new PawlError(error.code, message, { details: error.details, cause: error });
  }
}

export const conflict = (message: string): PawlError => new PawlError('conflict', message);

/** A field whose content the caller has to put right. */
export const wrong = (field: string, message: string): PawlError =>
  new PawlError('invalid_input', `${field}: ${message}`, { details: [[field]] });
