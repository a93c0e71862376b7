/** Why an attempt or a task failed, as people read it in the terminal and on the live page. Pure, and without schemas: the page loads it. */
import type { Failure, FailureClass } from './failures.ts';

const WORDS: Readonly<Record<FailureClass, string>> = {
  interrupted: 'interrupted',
  timeout: 'out of time',
  stalled: 'silent for too long',
  rate_limited: 'quota spent',
  api_error: 'error of the provider',
  auth: 'not signed in',
  git: 'git',
  permission: 'not allowed',
  check_failed: 'check failed',
  no_change: 'nothing changed',
  invalid_output: 'answer not understood',
  context_overflow: 'too much for the model',
  worker_lost: 'worker lost',
  rejected: 'rejected',
  conflict: 'conflict',
  blocked: 'blocked',
  setup_failed: 'set-up failed',
  disk_full: 'disk full',
  unknown: 'cause not known',
};

/** @param failureClass of a newer engine it may be one that there are no words for */
export const failureWord = (failureClass: string): string =>
  (WORDS as Readonly<Record<string, string>>)[failureClass] ?? failureClass.replaceAll('_', ' ');

/** The message, behind its class where it does not begin with it. */
export function failureText({ class: failureClass, message }: Pick<Failure, 'class' | 'message'>): string {
  const word = failureWord(failureClass);
  return message.toLowerCase().startsWith(word) ? message : `${word}: ${message}`;
}
