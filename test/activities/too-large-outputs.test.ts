/** What an agent returns that is too large is told so, with its size and the bound. */
import { expect, it } from 'vitest';
import type { AgentReport } from '../../src/activities/ports/agent-port.ts';
import { settleAttempt } from '../../src/activities/settle-attempt.ts';
import { reportOf } from '../../src/adapters/agents/agent-prompt.ts';

const settled = (report: AgentReport) =>
  settleAttempt(
    { workspaces: {} as never },
    { task: {}, attempt: {}, returns: { notes: 'string[]' } } as never,
    report,
  );
const said = (notes: unknown) => reportOf(`Here it is:\n\`\`\`json\n${JSON.stringify({ notes })}\n\`\`\``);

it.each([
  [
    'all of it',
    Array.from({ length: 5 }, () => 'x'.repeat(16_000)),
    'outputs: expected at most 65536 characters of JSON, got 80026',
  ],
  [
    'one text',
    ['x'.repeat(20_000)],
    'outputs.notes: expected a text of at most 16384 characters, got one of 20000',
  ],
  [
    'a list',
    Array.from({ length: 1_001 }, () => 'x'),
    'outputs.notes: expected at most 1000 texts, got 1001',
  ],
])('%s', async (_, notes, words) => {
  await expect(settled(said(notes))).rejects.toThrow(words);
});
