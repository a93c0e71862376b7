/** What the command of a guarantee came to, against what is guaranteed. Pure. */
import { commandText } from '../command-line.ts';
import { clip } from '../limits.ts';
import type { Guarantee } from '../loops/guarantees.ts';
import type { Evidence } from '../task-state.ts';
import type { RunFact } from './guarantee-facts.ts';
import { isAsWanted, measureIn } from './measured.ts';

type Measured = Guarantee & { readonly kind: 'quality' };
type Proven = Guarantee & { readonly kind: 'proof' };

/** As a shell says it: not to be started, not there. */
const NOT_STARTED: readonly (number | null)[] = [126, 127];
const END_CHARS_MAX = 200;

export function problemsWithMeasure(guarantee: Measured, run: RunFact | undefined): readonly string[] {
  const { name, threshold } = guarantee;
  const expected = `expected ${name} ${threshold.is} ${threshold.than}`;
  return eachPass(run, expected, (evidence) => {
    if (evidence.exitCode !== 0) return howItEnded(evidence);
    const measure = measureIn(evidence.tail);
    if (typeof measure === 'string') return `${measure} of ${shown(evidence)}`;
    return isAsWanted(measure, threshold) ? undefined : String(measure);
  });
}

export function problemsWithRun(guarantee: Proven, run: RunFact | undefined): readonly string[] {
  const command = guarantee.run === undefined ? '' : clip(commandText(guarantee.run), END_CHARS_MAX);
  const isTest = guarantee.proof === 'test_passed';
  const expected = `expected \`${command}\` to ${isTest ? 'pass' : 'run to its end'}`;
  return eachPass(run, expected, (evidence) => {
    if (evidence.passed) return undefined;
    const hasRun = evidence.exitCode !== null && !NOT_STARTED.includes(evidence.exitCode);
    return !isTest && hasRun ? undefined : howItEnded(evidence);
  });
}

/** @param problemOf what is there instead of what is expected */
function eachPass(
  run: RunFact | undefined,
  expected: string,
  problemOf: (evidence: Evidence) => string | undefined,
): readonly string[] {
  if (run === undefined) return [`${expected}, found that nothing has run`];
  if ('problem' in run) return [`${expected}, found that nothing could run: ${run.problem}`];
  return run.passes.flatMap((evidence) => {
    const problem = problemOf(evidence);
    return problem === undefined ? [] : [`${expected}, found ${problem}${withBase(evidence)}`];
  });
}

function withBase({ restored = [] }: Evidence): string {
  if (restored.length === 0) return '';
  const [first, ...others] = restored;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `, with ${first}${more} as in the base commit`;
}

function howItEnded({ exitCode, durationMs, tail }: Evidence): string {
  const how =
    exitCode === null
      ? `that it did not end by itself within ${Math.round(durationMs / 1_000)} s`
      : `exit status ${exitCode}`;
  const end = tail.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return end === '' ? how : `${how}: ${clip(end, END_CHARS_MAX)}`;
}

const shown = ({ command }: Evidence): string => `\`${clip(commandText(command), END_CHARS_MAX)}\``;
