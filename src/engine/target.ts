/**
 * Which Temporal the settings name. Another than the embedded one is read as every Temporal tool reads it
 * (`@temporalio/envconfig`), except that a default profile made for other tools is never used: only what is named is.
 */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { Config } from '../config.ts';
import { PawlError } from '../domain/failures.ts';

const DEFAULT_NAMESPACE = 'default';

export interface TemporalTarget {
  readonly address: string;
  readonly namespace: string;
  /** Address, TLS, API key and metadata; good for `NativeConnection` and `Connection` alike. */
  readonly connection: Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey' | 'metadata'>;
}

/**
 * How a client reaches the Temporal of an engine that runs: at the engine's own address, whatever address the settings
 * name here, with the credentials that they name.
 * @throws PawlError `precondition` for a profile that is not there or cannot be read
 */
export const targetOf = (
  temporal: Config['temporal'],
  address: string,
  env: NodeJS.ProcessEnv = process.env,
): TemporalTarget =>
  temporal.kind === 'external' ? externalTarget({ ...temporal, address }, env) : embeddedTarget(address);

export const embeddedTarget = (address: string): TemporalTarget => ({
  address,
  namespace: DEFAULT_NAMESPACE,
  connection: { address },
});

/** @throws PawlError `precondition` for a profile that is not there, lacks an address, or cannot be read */
export function externalTarget(
  { address, profile }: Extract<Config['temporal'], { kind: 'external' }>,
  env: NodeJS.ProcessEnv = process.env,
): TemporalTarget {
  const { connectionOptions, namespace } = load(profile, withAddress(env, address));
  const target = connectionOptions.address;
  if (!target) {
    throw new PawlError(
      'precondition',
      `the Temporal profile ${profile} names no address: add one, or set TEMPORAL_ADDRESS`,
    );
  }
  return { address: target, namespace: namespace ?? DEFAULT_NAMESPACE, connection: connectionOptions };
}

function load(profile: string | undefined, overrideEnvVars: Record<string, string>) {
  try {
    // Without a profile only the variables count, not the file with its default profile.
    return loadClientConnectConfig(
      profile === undefined ? { disableFile: true, overrideEnvVars } : { profile, overrideEnvVars },
    );
  } catch (error) {
    const what = profile === undefined ? 'the TEMPORAL_… settings' : `the Temporal profile ${profile}`;
    const words = error instanceof Error ? error.message : String(error);
    throw new PawlError('precondition', `cannot read ${what}: ${words}`, { cause: error });
  }
}

function withAddress(env: NodeJS.ProcessEnv, address: string | undefined): Record<string, string> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const named = Object.fromEntries(set);
  return address === undefined ? named : { ...named, TEMPORAL_ADDRESS: address };
}
