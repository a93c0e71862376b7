/**
 * Seals of starts. An agent run starts programs, so its start carries a seal that only this home can make, over its id and
 * all that it is started with. Whoever reaches Temporal and not the home can start none (`activities/workspace.ts` looks).
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { digestOf } from '../domain/digest.ts';
import type { StartProof } from '../domain/steps.ts';
import type { AgentRunSpec } from '../domain/task-spec.ts';

export interface StartSeals {
  of(spec: AgentRunSpec): string;
  /** Whether the seal is that of a run with this id and digest of its spec, whatever was given for one. */
  isOf(id: string, proof: StartProof): boolean;
}

export function createStartSeals(secret: string): StartSeals {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'pawl starts of agent runs', 32));
  const macOf = (id: string, digest: string): Buffer =>
    createHmac('sha256', key).update(`${id} ${digest}`).digest();
  return {
    of: (spec) => macOf(spec.id, digestOf(spec)).toString('base64url'),
    isOf(id, { spec, seal }) {
      const given = typeof seal === 'string' ? Buffer.from(seal, 'base64url') : Buffer.alloc(0);
      const made = macOf(id, spec);
      return given.length === made.length && timingSafeEqual(given, made);
    },
  };
}
