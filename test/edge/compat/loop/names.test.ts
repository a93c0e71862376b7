/** Names and parameters of the loop orchestrator's tools, as its clients know them: what they send is taken as it is. */
import { expect, it } from 'vitest';
import { loopTools } from '../../../../src/edge/compat/loop/toolset.ts';
import { jsonSchemaOf } from '../../../../src/edge/mcp/json-schema.ts';
import { TOOLSET_NAMES, toolsOf } from '../../../../src/edge/mcp/toolsets.ts';

/** `*`: it has to be there. */
const TOOLS: Readonly<Record<string, string>> = {
  start_execution: 'loopId* project* mode autonomy',
  get_execution: 'id*',
  list_executions: 'status loopId',
  advance_phase: 'executionId*',
  complete_phase: 'executionId*',
  complete_skill: 'executionId* skillId* deliverables success score rubric sectionRecommendations',
  resolve_guarantee: 'executionId* skillId guaranteeId* resolutionType* evidence*',
  approve_gate: 'executionId* gateId* approvedBy',
  reject_gate: 'executionId* gateId* feedback*',
  list_gates: 'executionId*',
  update_gate: 'executionId* gateId* enabled approvalTypeOverride',
  disable_all_gates: 'executionId*',
  enable_all_gates: 'executionId*',
  set_all_gates_auto: 'executionId*',
  revalidate_guarantees: 'executionId* skillId*',
  revalidate_gate: 'executionId* gateId*',
  retry_skill: 'executionId* skillId* deliverables',
  reset_skill: 'executionId* skillId* clearAcknowledgments',
  pause_execution: 'executionId*',
  resume_execution: 'executionId*',
  abort_execution: 'executionId* reason',
  complete_run_tracking: 'executionId*',
  list_upgrade_proposals: 'skill status',
  get_learning_summary: '',
  approve_upgrade_proposal: 'proposalId* approvedBy',
  reject_upgrade_proposal: 'proposalId* reason*',
  list_loops: '',
  get_loop: 'id*',
  create_loop: 'id* name* description phases* gates',
  validate_loop: 'id config',
  write_transient: 'executionId* category* name* content* metadata',
  read_transient: 'executionId* category* name*',
  list_transient: 'executionId* category',
  save_checkpoint: 'executionId* phase* skillId data*',
  load_checkpoint: 'executionId*',
  cleanup_transient: 'executionId* scratchOnly',
  get_transient_state: 'executionId*',
  query_runs: 'loop system module since until outcome limit include_state',
  archive_run: 'state_file_path* outcome prune_state',
  get_recent_context: 'system* limit',
};

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  'start_execution mode': ['greenfield', 'brownfield-polish', 'brownfield-enterprise'],
  'start_execution autonomy': ['full', 'supervised', 'manual'],
  // What was aborted stays to be seen here.
  'list_executions status': ['pending', 'active', 'paused', 'blocked', 'completed', 'failed', 'aborted'],
  'resolve_guarantee resolutionType': [
    'satisfied_alternatively',
    'acceptable_deviation',
    'waived_with_reason',
  ],
  'list_upgrade_proposals status': ['pending', 'approved', 'rejected', 'applied'],
  'write_transient category': ['context', 'working', 'scratch'],
  'query_runs outcome': ['success', 'failed', 'abandoned'],
  'archive_run outcome': ['success', 'failed', 'abandoned'],
};

/** Of Pawl's own, and none of them has to be there. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  start_execution: ['inputs', 'id', 'title'],
  complete_skill: ['outputs', 'summary', 'item'],
  update_gate: ['reason'],
  disable_all_gates: ['reason'],
  enable_all_gates: ['reason'],
  set_all_gates_auto: ['reason'],
};

interface Shown {
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
  readonly required?: readonly string[];
}
const shownOf = (name: string): Shown => {
  const tool = loopTools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  return jsonSchemaOf(tool.input, 'input') as Shown;
};

it('has all of its tools and no others, under names that no other toolset has', () => {
  expect(loopTools.map(({ name }) => name).sort()).toEqual(Object.keys(TOOLS).sort());
  const all = toolsOf(TOOLSET_NAMES.join()).map(({ name }) => name);
  expect(new Set(all).size).toBe(all.length);
});

it.each(Object.entries(TOOLS))('%s takes %s', (name, parameters) => {
  const { properties = {}, required = [] } = shownOf(name);
  const words = parameters.split(' ').filter((word) => word !== '');
  const names = words.map((word) => word.replace('*', ''));
  expect(Object.keys(properties).sort()).toEqual([...names, ...(MORE[name] ?? [])].sort());
  expect([...required].sort()).toEqual(
    words
      .filter((word) => word.endsWith('*'))
      .map((word) => word.slice(0, -1))
      .sort(),
  );
});

it.each(Object.entries(ENUMS))('%s is one of %j', (place, values) => {
  const [name = '', parameter = ''] = place.split(' ');
  expect(shownOf(name).properties?.[parameter]?.enum).toEqual(values);
});

/** Decisions, which a token that may only operate is refused. */
const DECISIONS = [
  'resolve_guarantee',
  'approve_gate',
  'reject_gate',
  'update_gate',
  'disable_all_gates',
  'enable_all_gates',
  'set_all_gates_auto',
];

it.each(loopTools.map((tool) => [tool.name, tool] as const))(
  '%s says what it does, who may call it, and whether it takes a key',
  (name, { description, scope, hints, keeps }) => {
    expect(description).toMatch(/^[A-Z].{20,}\.$/s);
    expect(scope).toBe(DECISIONS.includes(name) ? 'approve' : undefined);
    expect(keeps !== undefined).toBe(!hints.readOnly && scope === undefined);
  },
);
