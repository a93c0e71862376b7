/** What the engine goes by, and which credentials it has: never what they are. Nothing of it changes while it runs. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { route } from './route.ts';

/** As the pipeline's clients call them. */
const KEY_VARIABLES = {
  anthropic_key: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_AUTH_TOKEN'],
  openai_key: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
  gemini_key: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  openrouter_key: ['OPENROUTER_API_KEY'],
  deepseek_key: ['DEEPSEEK_API_KEY'],
  github_token: ['PAWL_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN'],
} as const satisfies Record<string, readonly string[]>;
type KeyName = keyof typeof KEY_VARIABLES;
const KEY_NAMES = Object.keys(KEY_VARIABLES) as KeyName[]; // the table's own keys

/** Whose presence is told. */
export const KEYS_TOLD: readonly string[] = Object.values(KEY_VARIABLES).flat();

const KeySet = z
  .boolean()
  .describe('whether it is set, here or in .env of the home; agents may be logged in without');

export const settings = route({
  name: 'settings',
  summary: 'Tell what the engine goes by, and whether credentials are set; never what they are',
  method: 'GET',
  path: '/api/settings',
  scope: 'read',
  input: z.strictObject({}),
  output: z.object({
    ...(Object.fromEntries(KEY_NAMES.map((name) => [name, KeySet])) as Record<KeyName, typeof KeySet>),
    settings: z.array(
      z.object({ variable: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }),
    ),
    temporal: z
      .object({ namespace: z.string(), ui: z.string().nullable() })
      .describe('where its workflows are; ui: of the Temporal Web UI, null where the engine knows none'),
  }),
  async answer({ host }) {
    const set = host.keys();
    const isSet = (name: KeyName) => KEY_VARIABLES[name].some((variable) => set[variable] === true);
    return {
      ...(Object.fromEntries(KEY_NAMES.map((name) => [name, isSet(name)])) as Record<KeyName, boolean>),
      settings: [...host.settings()],
      temporal: host.temporal,
    };
  },
});

export const changeSettings = route({
  name: 'changeSettings',
  summary: 'Says where a setting is changed: none is, while the engine runs',
  method: 'POST',
  path: '/api/settings',
  scope: 'approve',
  input: z.record(z.string().max(100), z.unknown()),
  output: z.object({}),
  async answer({ host }, given) {
    const names = Object.keys(given);
    if (names.length === 0)
      throw new PawlError(
        'invalid_input',
        'expected a setting to change, got none: GET /api/settings lists them',
      );
    const known = host.settings().map(({ variable }) => variable);
    throw new PawlError(
      'precondition',
      `nothing was changed: ${names
        .slice(0, NAMES_TOLD_MAX)
        .map((name) => wayTo(name, known))
        .join('; ')}`,
    );
  },
});

const NAMES_TOLD_MAX = 20;

/** Where it is changed. The values are never repeated. Pure. */
export function wayTo(name: string, known: readonly string[]): string {
  if (Object.hasOwn(KEY_VARIABLES, name))
    return `${name}: a key is kept by nobody but you, set ${KEY_VARIABLES[name as KeyName][0]} in .env of Pawl's home, which each attempt reads when it starts`;
  if (known.includes(name)) return `${name}: start the engine with this variable, it is read then alone`;
  return `${JSON.stringify(name)} is no setting: GET /api/settings lists them`;
}
