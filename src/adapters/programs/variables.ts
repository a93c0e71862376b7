/** The engine's own variables joined with those of `$PAWL_HOME/.env`, which is read by each call. */
import { readFileSync } from 'node:fs';
import type { Variables } from '../../activities/ports/variables-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { createMask, type Mask } from '../../domain/mask.ts';
import { copiedValues } from '../files/copied-files.ts';
import { lenientlyRead, readEnvFile } from '../files/env-file.ts';
import type { Environment } from './environment.ts';
import { secretsOf } from './secrets.ts';

export interface VariablesPlaces {
  /** `$PAWL_HOME/.env`. */
  readonly envFile: string;
  /** The local user's token for the API. */
  readonly token: string;
  /** Of files that were copied into workspaces. */
  readonly copied?: string;
}

type FileVariables = Readonly<Record<string, string>>;

export function createVariables(places: VariablesPlaces, own: Environment): Variables {
  /** What the file held when it could last be read: its values were handed on, and may be told long after. */
  let good: FileVariables = {};
  const joined = joinedTo(own);
  const fileNow = (): { readonly file: FileVariables; readonly error?: PawlError } => {
    try {
      good = readEnvFile(places.envFile);
      return { file: good };
    } catch (error) {
      if (error instanceof PawlError) return { file: good, error };
      throw error;
    }
  };
  let latest: { readonly key: string; readonly mask: Mask } | undefined;
  const maskOf = (secrets: readonly string[]): Mask => {
    const key = JSON.stringify(secrets);
    // To make one takes a thousand times as long as to mask a line.
    if (latest?.key !== key) latest = { key, mask: createMask(secrets) };
    return latest.mask;
  };
  const now: Variables['now'] = ({ variables = [], texts = [] } = {}) => {
    const { file, error } = fileNow();
    const environment = joined(file);
    const meant = error === undefined ? [] : lenientlyRead(places.envFile);
    const copied = places.copied === undefined ? [] : copiedValues(places.copied);
    const ofVariables = secretsOf({
      environment,
      file: [...Object.entries(file), ...meant, ...copied],
      variables,
    });
    const secrets = [...ofVariables, ...tokenIn(places.token), ...texts];
    return {
      mask: maskOf(secrets),
      environment() {
        if (error !== undefined) throw error;
        return environment;
      },
    };
  };
  return {
    environment() {
      good = readEnvFile(places.envFile);
      return joined(good);
    },
    mask: (besides) => now(besides).mask,
    now,
  };
}

/** The engine's own win, but for empty ones: they give nothing. Taken once, because each read of one of the process itself leaves V8. */
function joinedTo(own: Environment): (file: FileVariables) => Environment {
  const all = { ...own };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return (file) => ({ ...all, ...file, ...given });
}

/** Made when an engine first starts; a client without one has none to hide. */
function tokenIn(path: string): readonly string[] {
  try {
    return [readFileSync(path, 'utf8').trim()];
  } catch {
    return []; // not made yet
  }
}
