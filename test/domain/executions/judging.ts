/** Guarantees as a loop has them, against what was seen. */
import type { GitFacts, GuaranteeFacts } from '../../../src/domain/executions/guarantee-facts.ts';
import { problemsWith } from '../../../src/domain/executions/judge-guarantee.ts';
import { type Guarantee, WrittenGuarantees } from '../../../src/domain/loops/guarantees.ts';
import type { Evidence } from '../../../src/domain/task-state.ts';

export const CLEAN: GitFacts = {
  branch: 'main',
  uncommitted: [],
  untracked: [],
  knowsRemote: true,
  unpushed: 0,
  tracking: [{ ref: 'origin/main', hasCommit: true }],
};

const FACTS: GuaranteeFacts = {
  baseCommit: 'abcdef0123',
  matched: new Map(),
  reported: new Map(),
  changes: new Map(),
  contents: new Map(),
  runs: new Map(),
  git: CLEAN,
};

/** As a loop has it. */
function guarantee(written: Readonly<Record<string, unknown>>): Guarantee {
  const [one] = WrittenGuarantees.parse([{ id: 'g', ...written }]);
  if (one === undefined) throw new TypeError('no guarantee');
  return one;
}

export const judge = (written: Readonly<Record<string, unknown>>, facts: Partial<GuaranteeFacts> = {}) =>
  problemsWith(guarantee(written), { ...FACTS, ...facts });

const evidence = (more: Partial<Evidence>): Evidence => ({
  name: 'g',
  command: ['measure'],
  commit: 'c',
  exitCode: 0,
  passed: true,
  durationMs: 2_000,
  output: 'sha256:0',
  tail: '',
  ...more,
});
export const printed = (tail: string) => new Map([['g', { passes: [evidence({ tail })] }]]);
export const ended = (...passes: Partial<Evidence>[]) =>
  new Map([['g', { passes: passes.map((one) => evidence({ passed: one.exitCode === 0, ...one })) }]]);
