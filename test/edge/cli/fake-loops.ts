/** Loops as an engine answers them: one that is good and hides another, and one with a fault. */
import type { OutputOf } from '../../../src/domain/operations.ts';

const DIGEST = `sha256:${'b'.repeat(64)}`;
const FAULT = {
  file: '.pawl/loops/odd.yaml',
  line: 3,
  path: 'phases[0].skills[0].when',
  message: 'there is no skill \u001b[2Jplam',
};
const HIDDEN = { source: 'built-in', file: 'built-in/feature.yaml' } as const;

export const LOOP_ROWS: OutputOf<'loops'>['loops'] = [
  {
    loop: 'feature',
    title: 'Of ordinary size',
    source: 'repository',
    file: '.pawl/loops/feature.yaml',
    digest: DIGEST,
    shadows: [HIDDEN],
    faults: [],
  },
  { loop: 'odd', source: 'repository', file: FAULT.file, shadows: [], faults: [FAULT] },
];

export const shownLoop = (loop: string): OutputOf<'loop'> => ({
  source: 'repository',
  file: '.pawl/loops/feature.yaml',
  digest: DIGEST,
  shadows: [HIDDEN],
  includes: [{ source: 'home', file: '/home/ann/.pawl/loops/quality.yaml' }],
  guides: [{ name: 'write-plan', folder: '.pawl/skills/write-plan', files: { 'SKILL.md': DIGEST } }],
  checks: [{ name: 'test', run: ['npm', 'test'] }],
  plan: {
    loop,
    title: 'Of ordinary\nsize',
    description: 'Plan, then \u001b[2Jbuild.',
    inputs: [
      { name: 'goal', type: 'string', required: true, description: 'What for' },
      { name: 'size', type: 'enum(s, l)', required: false, value: 's' },
    ],
    problems: [],
    budget: { usd: 12, wall: '6h', attempts: 30 },
    agentRunsMost: 30,
    approvalsMost: 1,
    phases: [
      {
        id: 'plan',
        title: 'PLAN',
        required: true,
        skills: [
          {
            id: 'plan',
            by: 'agent',
            agents: ['claude', 'codex'],
            settings: 'own',
            brief: 'Plan it',
            guides: ['write-plan'],
            with: { files: 'inputs.files' },
            returns: { risk: 'enum(low, high)' },
            guarantees: [{ id: 'g', required: true, text: 'at least 1 file in src/**' }],
            writes: false,
            when: "inputs.size == 's'",
            timeout: { idle: '10m', total: '1h', outcome: 'fail' },
            repeat: { most: 3, checks: ['all'] },
            forEach: { as: 'lens', in: ['a', 'b'], atMost: 2, join: 'all_done' },
            budget: { usd: 2 },
            runsMost: 12,
          },
        ],
        gates: [
          {
            id: 'right',
            title: 'Is this right?',
            kind: 'approval',
            required: true,
            when: "plan.risk == 'high'",
            guarantees: [],
            by: { count: 1, not: 'requester' },
            expires: '3d',
            onReject: { goTo: 'plan', most: 1 },
          },
          {
            id: 'checked',
            kind: 'check',
            required: false,
            checks: ['all'],
            passesIf: 'a.b == 1',
            guarantees: [],
          },
        ],
      },
    ],
  },
});

export const checkedLoop = (text: string, file: string): OutputOf<'checkLoop'> =>
  text.includes('good')
    ? { valid: true, loop: 'feature', digest: DIGEST, faults: [] }
    : { valid: false, loop: 'odd', faults: [{ ...FAULT, file }] };
