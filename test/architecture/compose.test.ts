/**
 * docker-compose.yml, as far as it can be held without Docker: the published schema, pinned versions, health, variables
 * that somebody reads. What each image has is written beside it in the file; Pawl's own is held by image.test.ts.
 */

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ROOT, readCompose, readText, services } from './containers.ts';

const json = (...path: string[]) => JSON.parse(readText(...path));
const all = Object.entries(services());
const pawls = all.filter(([, { build }]) => build !== undefined);
/** Runs once: others wait for its end. */
const isJob = (name: string) =>
  all.some(([, { depends_on }]) => depends_on[name]?.condition === 'service_completed_successfully');

describe('docker-compose.yml', () => {
  const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(
    json('test', 'fixtures', 'compose', 'compose-spec.json'),
  );

  it('is what the Compose specification allows', () => {
    validate(readCompose());
    expect(validate.errors ?? []).toEqual([]);
  });

  it('would be refused with a word that Compose does not know', () => {
    expect(validate({ services: { server: { image: 'pawl', healthchek: {} } } })).toBe(false);
  });

  it('has PostgreSQL, Temporal, its Web UI, a server and a worker that scales', () => {
    const names = all.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['postgresql', 'temporal', 'temporal-ui', 'server', 'worker']),
    );
    // Two of one name, or of one port of this machine, could not be started.
    const worker = services().worker;
    expect(worker).not.toHaveProperty('container_name');
    expect(worker?.ports).toEqual([]);
  });

  it.each(all)('pins the image of %s', (_, { image }) => {
    const tag = image.split(':')[1] ?? '';
    expect(tag).toMatch(/^\d+\.\d+(?:\.\d+)?/);
  });

  it('leads from its page to where the Web UI is published', () => {
    const [ui] = services()['temporal-ui']?.ports ?? [];
    const named = services().server?.environment.PAWL_TEMPORAL_UI;
    expect(`${named}:8080`).toBe(`http://${ui}`);
  });

  it('builds the version of package.json', () => {
    const { version } = json('package.json');
    expect(pawls.map(([, { image }]) => image)).toEqual([`pawl:${version}`, `pawl:${version}`]);
  });

  it.each(all)('knows whether %s is well', (name, { healthcheck, restart }) => {
    if (isJob(name)) expect(restart).toMatch(/^on-failure:\d+$/);
    else {
      expect(healthcheck?.test[0]).toBe('CMD');
      expect(restart).toBe('unless-stopped');
    }
  });

  it('starts nothing before what it needs, and waits in the way that fits it', () => {
    for (const [, { depends_on }] of all) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(services()).toHaveProperty(name);
        expect(condition).toBe(isJob(name) ? 'service_completed_successfully' : 'service_healthy');
      }
    }
  });

  it('opens ports to this machine only', () => {
    const ports = all.flatMap(([, service]) => service.ports);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('has all volumes that are mounted, and one home for server and workers', () => {
    const { volumes } = readCompose() as { volumes: Record<string, unknown> };
    const mounted = all.flatMap(([, service]) => service.volumes).filter((volume) => /^[a-z]/.test(volume));
    expect(new Set(mounted.map((volume) => volume.split(':')[0]))).toEqual(new Set(Object.keys(volumes)));
    expect(services().worker?.volumes).toEqual(services().server?.volumes);
  });

  it('says of every image, variable and health command where it is documented', () => {
    const lines = readText('docker-compose.yml').split('\n');
    // Its own line or one of those above, up to the next blank one: one comment may speak of a few lines.
    const documented = (index: number): boolean => {
      for (let at = index; at >= 0 && lines[at]?.trim() !== ''; at -= 1)
        if (/#.*(?:https:|README|package\.json|src\/)/.test(lines[at] ?? '')) return true;
      return false;
    };
    const wanted = lines.flatMap((line, index) =>
      /^\s+(?:image|environment|test):/.test(line) ? [index] : [],
    );
    expect(wanted.length).toBeGreaterThan(10);
    expect(
      wanted.filter((index) => !documented(index) && !documented(index + 1)).map((i) => lines[i]),
    ).toEqual([]);
  });
});

describe('variables of Pawl', () => {
  const config = readText('src', 'config.ts');
  const adapters = readdirSync(join(ROOT, 'src', 'adapters'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readText('src', 'adapters', name))
    .join('\n');

  it.each(pawls)('of %s are read by somebody', (_, { environment }) => {
    for (const [name, value] of Object.entries(environment)) {
      // Without a value a variable passes through: a credential, which an adapter names.
      const reader = value === null ? adapters : config;
      expect(reader, name).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });

  it.each(pawls)('of %s are settings that Pawl accepts', (_, { environment }) => {
    const filled = Object.entries(environment).map(([name, value]) => [name, filledIn(value ?? '')]);
    const { home, temporal, worker, workerPort } = readConfig(Object.fromEntries(filled));
    expect(home).toBe('/var/lib/pawl');
    expect(temporal).toMatchObject({ kind: 'external', address: 'temporal:7233' });
    expect(worker).toBe(workerPort !== undefined);
  });
});

/** With the defaults of the file, as Compose does it. */
const filledIn = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('the health command of Pawl', () => {
  const health = pawls.map(([, { healthcheck }]) => healthcheck?.test ?? []);

  /** Run as it is, but for the port. */
  async function exitCodeAt(port: number): Promise<number | undefined> {
    const [, , ...args] = health[0] ?? [];
    const there = args.map((arg) => arg.replace(':8100/', `:${port}/`));
    return (await execa(process.execPath, there, { reject: false })).exitCode;
  }

  it('is the same for both, asks the port that is set, and needs nothing but Node', () => {
    expect(health[0]).toEqual(health[1]);
    expect(health[0]?.[1]).toBe('node');
    expect(health[0]?.at(-1)).toContain('http://127.0.0.1:8100/api/health');
    expect(services().server?.environment.PAWL_PORT).toBe('8100');
    expect(services().worker?.environment.PAWL_WORKER_PORT).toBe('8100');
  });

  it.each([
    [200, 0],
    [503, 1],
  ])('takes an answer %i for %i', async (status, exitCode) => {
    const server = createServer((_, response) => response.writeHead(status).end('{}'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    try {
      expect(await exitCodeAt(port)).toBe(exitCode);
    } finally {
      server.close();
    }
    // And where nobody answers.
    expect(await exitCodeAt(port)).toBe(1);
  });
});
