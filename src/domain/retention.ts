/** How long the engine's own documents are kept. Pure. */
import { LIMITS } from './limits.ts';

const DAY_MS = 86_400_000;

/** @param keptMs when the answer was kept; a later time than now, of a clock that was set back, is no age at all */
export const isAnswerExpired = (keptMs: number, nowMs: number): boolean =>
  nowMs - keptMs > LIMITS.answerDaysKept * DAY_MS;
