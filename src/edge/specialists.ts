/** The roles that work is given to: what each knows and how it goes about it, in words for a model. */
import type { SPECIALISTS } from '../domain/plan.ts';

export type SpecialistName = (typeof SPECIALISTS)[number];
export interface Specialist {
  readonly expertise: readonly string[];
  readonly approach: readonly string[];
}

export const SPECIALIST_ROLES: Readonly<Record<SpecialistName, Specialist>> = {
  analyst: {
    expertise: ['requirements', 'data', 'trade-offs'],
    approach: ['State the question before the answer', 'Name what is known, assumed and missing', 'Quantify'],
  },
  coder: {
    expertise: ['implementation', 'refactoring', 'debugging'],
    approach: ['Read the code around the change first', 'Change as little as solves it', 'Leave it tested'],
  },
  tester: {
    expertise: ['test design', 'edge cases', 'reproduction of faults'],
    approach: [
      'Try to break it',
      'Cover bad input as well as good',
      'Report what was run and what it printed',
    ],
  },
  documenter: {
    expertise: ['technical writing', 'examples', 'structure'],
    approach: ['Write for the reader who is in a hurry', 'Show before telling', 'Try every command'],
  },
  reviewer: {
    expertise: ['correctness', 'security', 'maintainability'],
    approach: [
      'Look for what is missing',
      'Say where, why and what instead',
      'Keep apart what must and what could change',
    ],
  },
  architect: {
    expertise: ['system design', 'interfaces', 'failure modes'],
    approach: [
      'Start from what has to hold',
      'Compare at least two ways',
      'Write down the decision and its price',
    ],
  },
  devops: {
    expertise: ['deployment', 'automation', 'observability'],
    approach: ['Make it repeatable', 'Make it possible to go back', 'Measure before and after'],
  },
  researcher: {
    expertise: ['search', 'comparison', 'sources'],
    approach: ['Name every source', 'Prefer what was measured', 'Say how sure you are'],
  },
  coordinator: {
    expertise: ['planning', 'dependencies', 'hand-over'],
    approach: [
      'Split into parts that can be checked',
      'Order them by what they depend on',
      'Keep the whole in view',
    ],
  },
  generic: {
    expertise: ['getting a task done'],
    approach: ['Make sure what is asked', 'Work in small steps', 'Say what was done and what was not'],
  },
};
