/** Tools of a learning that Pawl does not have: each says so, and where what was reported is kept. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { type Tool, tool } from '../../mcp/tool.ts';
import { LOOKS } from './words.ts';

const refused = (name: string, title: string, input: z.ZodRawShape) =>
  tool({
    name,
    title,
    description:
      'Not there: Pawl changes no skill by itself. Scores and recommendations are kept with each report, and get_execution shows them.',
    input: z.strictObject(input),
    output: z.looseObject({}),
    hints: LOOKS,
    async call() {
      throw new PawlError(
        'precondition',
        `${name}: Pawl draws no lessons by itself, so there are no proposals: get_execution shows the scores and recommendations of each skill, and a person changes its guide or the loop in .pawl/loops`,
      );
    },
  });

const words = z.string().max(1_000);

export const learningTools = [
  refused('list_upgrade_proposals', 'List proposals', {
    skill: words.optional(),
    status: z.enum(['pending', 'approved', 'rejected', 'applied']).optional(),
  }),
  refused('get_learning_summary', 'What was learnt', {}),
  refused('approve_upgrade_proposal', 'Approve a proposal', {
    proposalId: words,
    approvedBy: words.optional(),
  }),
  refused('reject_upgrade_proposal', 'Reject a proposal', { proposalId: words, reason: words }),
] as unknown as readonly Tool[];
