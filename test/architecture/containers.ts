/** docker-compose.yml, Dockerfile and .dockerignore as data, for the tests that hold them to what they promise. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = join(import.meta.dirname, '..', '..');
export const readText = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

const Service = z.looseObject({
  image: z.string(),
  build: z.looseObject({ context: z.string(), args: z.record(z.string(), z.string()) }).optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()).min(2) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  restart: z.string(),
});
export type Service = z.infer<typeof Service>;

/** The file as Compose sees it, its anchors merged and its variables not yet filled in. */
export const readCompose = (): unknown => parse(readText('docker-compose.yml'), { merge: true });

export const services = (): Record<string, Service> =>
  z.object({ services: z.record(z.string(), Service) }).parse(readCompose()).services;

export interface Instruction {
  readonly name: string;
  readonly words: readonly string[];
}

/** The Dockerfile's instructions, continued lines joined, comments left out. */
export function dockerfile(): readonly Instruction[] {
  const lines = readText('Dockerfile')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [name = '', ...words] = line.trim().split(/\s+/);
    return { name, words };
  });
}

/** What is copied: `from` another stage, or from this folder. */
export const copies = (): readonly { readonly from?: string; readonly sources: readonly string[] }[] =>
  dockerfile()
    .filter(({ name }) => name === 'COPY')
    .map(({ words }) => {
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
      return { ...(from === undefined ? {} : { from }), sources };
    });
