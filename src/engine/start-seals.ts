/**
 * Seals of starts. An agent run starts programs, so its start carries a seal that only this home can make, over its id and
 * all that it is started with. Whoever reaches Temporal and not the home can start none (`activities/workspace.ts` looks).
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { digestOf } from '../domain/digest.ts';
import type { WorkflowId } from '../domain/ids.ts';
import type { RunPin } from '../domain/run-pin.ts';
import type { StartProof } from '../domain/steps.ts';

export interface StartSeals {
  of(spec: { readonly id: WorkflowId }): string;
  /** Whether the seal is that of a run or execution with this id and digest of its spec, whatever was given for one. */
  isOf(id: string, proof: StartProof): boolean;
  /** Of what the runs of an execution may bring. It is none of a run, whatever the pin says. */
  ofPin(pin: RunPin): string;
  isOfPin(pin: RunPin, seal: unknown): boolean;
}

export function createStartSeals(secret: string): StartSeals {
  const macBy = (purpose: string) => {
    const key = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
    return (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  };
  const macOfRun = macBy('pawl starts of agent runs');
  const macOfPin = macBy('pawl pins of executions');
  const runOf = (id: string, digest: string) => macOfRun(`${id} ${digest}`);
  const pinOf = (pin: RunPin) => macOfPin(digestOf(pin));
  return {
    of: (spec) => runOf(spec.id, digestOf(spec)).toString('base64url'),
    isOf: (id, { spec, seal }) => isSame(seal, runOf(id, spec)),
    ofPin: (pin) => pinOf(pin).toString('base64url'),
    isOfPin: (pin, seal) => isSame(seal, pinOf(pin)),
  };
}

function isSame(seal: unknown, made: Buffer): boolean {
  const given = typeof seal === 'string' ? Buffer.from(seal, 'base64url') : Buffer.alloc(0);
  return given.length === made.length && timingSafeEqual(given, made);
}
