import { AgentFailure } from '../../../src/activities/ports/agent-port.ts';

export const ended = { exitCode: 1, signal: null, timedOut: false };

export const failureOf = (work: () => unknown): AgentFailure => {
  try {
    work();
  } catch (error) {
    if (error instanceof AgentFailure) return error;
    throw error;
  }
  throw new Error('expected an AgentFailure');
};
