/** How the embedded Temporal is started and recognised: pure, so tried with many inputs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../src/engine/backoff.ts';
import {
  isOurs,
  servesDatabase,
  temporalArguments,
  temporalEnvironment,
} from '../../src/engine/temporal-command.ts';

const ports = { grpc: 7233, ui: 8233 };
const path = fc
  .string({ minLength: 1, maxLength: 20 })
  .map((name) => `/home/${name.replaceAll('\0', '')}/temporal.db`);

describe('a Temporal is recognised by its database', () => {
  it('on every platform, whatever the path is', () => {
    fc.assert(
      fc.property(path, fc.boolean(), (database, apart) => {
        const line = ['/bin/temporal', ...temporalArguments(database, ports)];
        const seen = apart ? line : line.join(' ').split(' ');
        expect(servesDatabase(seen, database, apart)).toBe(true);
        expect(
          isOurs(seen.length === line.length ? line : ['/bin/temporal', ...seen.slice(1)], database, ports),
        ).toBe(true);
      }),
    );
  });

  it('and not taken for one on another', () => {
    fc.assert(
      fc.property(path, path, (database, other) => {
        fc.pre(database !== other);
        expect(servesDatabase(['temporal', ...temporalArguments(database, ports)], other, true)).toBe(false);
      }),
    );
  });

  it.each([
    ['--db-filename=/h/t.db'],
    ['--db-filename', '/h/t.db'],
    ['-f', '/h/t.db'],
    ['-f/h/t.db'],
    ['-f=/h/t.db'],
  ])('also when a person started it with %s %s', (...flag) => {
    expect(servesDatabase(['temporal', 'server', 'start-dev', '--headless', ...flag], '/h/t.db', true)).toBe(
      true,
    );
  });

  it.each([
    [['sqlite3', '/h/t.db']],
    [['tail', '-f', '/h/t.db']],
    [['agent', '-p', 'why does temporal server start-dev --db-filename /h/t.db fail?']],
    [['sh', '-c', 'temporal server start-dev --db-filename /h/t.db']],
    [['temporal', 'server', 'start-dev', '--db-filename', '/h/t.db.old']],
    [[]],
  ])('and nothing else is ended for it: %j', (line) => {
    expect(servesDatabase(line, '/h/t.db', true)).toBe(false);
  });
});

it('adopts only what was started as it would be started now', () => {
  const line = ['temporal', ...temporalArguments('/h/t.db', ports)];
  expect(isOurs(line, '/h/t.db', { ...ports, ui: 1 })).toBe(false);
  expect(isOurs(line.slice(0, -2), '/h/t.db', ports)).toBe(false);
});

it('gives it no secret and nothing that points elsewhere', () => {
  const env = {
    PATH: '/bin',
    PAWL_TOKEN: 's',
    TEMPORAL_ADDRESS: 'x',
    TEMPORAL_API_KEY: 's',
    HOME: '/u',
    LANG: 'C',
  };
  expect(temporalEnvironment('/home', env)).toEqual({ HOME: '/home', PATH: '/bin', LANG: 'C' });
});

it('waits 0.2 s first, doubling, never more than 10 s', () => {
  expect([0, 1, 2, 5, 6, 1000].map(backOffMs)).toEqual([200, 400, 800, 6400, 10_000, 10_000]);
});
