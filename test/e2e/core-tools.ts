/** Which operations an AI client reaches by the tools of toolset `core`, and with which of their fields. */
import type { OperationName } from '../../src/domain/operations.ts';

export interface CoreTool {
  readonly tool: string;
  /** What the tool is given for this input; the input itself where nothing is said. */
  readonly input?: (input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Fields that the tool leaves out, because a model reads every schema at each start. */
  readonly without: readonly string[];
}

const PLANNED = ['complexity', 'specialist', 'effort', 'due'];
const RESULTS = ['artifacts', 'detail', 'files', 'artifactType'];
/** The adapter says who decides, on what was shown to them. */
const DECISION = ['digest', 'by', 'via', 'messageId'];

/** Undefined where the daily work does not need it: the toolset `orchestrator` or another edge does it. */
export const CORE: { readonly [N in OperationName]: CoreTool | undefined } = {
  run: {
    tool: 'run',
    input: ({ agent, ...input }) => ({
      ...input,
      ...(agent === undefined ? {} : { agent: Object(agent).name ?? agent }),
    }),
    without: ['setup', 'copy', 'forge', 'policy'],
  },
  create: { tool: 'create', without: ['context', 'session', 'type', ...PLANNED] },
  list: {
    tool: 'list',
    without: [
      ...['id', 'repository', 'session', 'parent', 'type', 'complexity', 'specialist'],
      ...['createdAfter', 'createdBefore', 'archived', 'withArchived', 'order'],
    ],
  },
  show: { tool: 'show', input: (input) => ({ ...input, include: ['all'] }), without: [] },
  update: {
    tool: 'update',
    without: ['messageId', 'dropDependencies', 'context', 'attemptToken', ...PLANNED, ...RESULTS],
  },
  complete: { tool: 'complete', without: ['messageId', 'attemptToken', ...RESULTS] },
  approve: {
    tool: 'decide',
    input: (input) => ({ ...input, decision: 'approve' }),
    without: DECISION,
  },
  reject: {
    tool: 'decide',
    input: (input) => ({ ...input, decision: 'reject' }),
    without: DECISION,
  },
  tell: {
    tool: 'update',
    input: ({ text, ...input }) => ({ ...input, tell: text }),
    without: ['by', 'messageId'],
  },
  retry: { tool: 'control', input: (input) => ({ ...input, action: 'retry' }), without: [] },
  cancel: { tool: 'control', input: (input) => ({ ...input, action: 'cancel' }), without: [] },
  diff: { tool: 'show', input: (input) => ({ ...input, include: ['diff'] }), without: [] },
  logs: { tool: 'show', input: (input) => ({ ...input, include: ['log'] }), without: ['attempt', 'offset'] },
  count: undefined,
  claim: undefined,
  archive: undefined,
  remove: undefined,
  upload: undefined,
  artifact: undefined,
  open: undefined,
  sessions: undefined,
  forget: undefined,
  vitals: undefined,
  restart: undefined,
  createToken: undefined,
  tokens: undefined,
  revokeToken: undefined,
  // A way in is for a person: whoever has it decides without being asked.
  dashboard: undefined,
  gates: undefined,
  loops: undefined,
  loop: undefined,
  checkLoop: undefined,
  preview: undefined,
  startExecution: undefined,
  executions: undefined,
  execution: undefined,
  updateExecution: undefined,
  completeSkill: undefined,
  decideGate: undefined,
  steerExecution: undefined,
};
