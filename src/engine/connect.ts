/**
 * From settings to a connection with Temporal. Another Temporal is read as every Temporal tool reads it
 * (`@temporalio/envconfig`), except that a default profile made for other tools is never used: only what is named is.
 */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Config } from '../config.ts';
import { PawlError } from '../domain/failures.ts';

const DEFAULT_NAMESPACE = 'default';
const CONNECT_MS = 10_000;

export interface TemporalTarget {
  readonly address: string;
  readonly namespace: string;
  /** Address, TLS, API key and metadata; good for `NativeConnection` and `Connection` alike. */
  readonly connection: Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey' | 'metadata'>;
}

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

/** @throws PawlError `unavailable` when nobody answers there */
export async function connectTo({ address, connection }: TemporalTarget): Promise<NativeConnection> {
  const late = new AbortController();
  const connecting = NativeConnection.connect(connection);
  const tooLate = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
    late.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([connecting, tooLate]);
  } catch (error) {
    // One that comes after all is not used by anybody.
    void connecting.then((made) => made.close()).catch(() => undefined);
    const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new PawlError(
      'unavailable',
      `no Temporal answers at ${address} (${words}): start it, or correct TEMPORAL_ADDRESS or TEMPORAL_PROFILE`,
      { cause: error },
    );
  } finally {
    late.abort();
  }
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
