/** The description of the interface, against the official schema of OpenAPI 3.1 and against the table it is made from. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { operations } from '../../../src/domain/operations.ts';
import { COMPAT_ROUTES } from '../../../src/edge/http/compat-routes.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { appOn, call } from './call.ts';

const described = async () => (await call(appOn(fakeEngine()), '/openapi.json')).body as Description;
type Description = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
};
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { schema: { properties: object } }> };
  readonly security: readonly unknown[];
}

it('is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const document = await described();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  expect(document.openapi).toMatch(/^3\.1\./);
});

it('would be refused with a word that OpenAPI does not know', async () => {
  const document = { ...(await described()), pathz: {} };
  expect(await new Validator().validate(document)).toMatchObject({ valid: false });
});

it('has every operation, where its row says, with its scope and all of its fields', async () => {
  const { paths } = await described();
  const found = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, one]) => [one.operationId, { path, method: method.toUpperCase(), one }] as const,
    ),
  );
  const byName = Object.fromEntries(found);
  expect(found.map(([name]) => name).toSorted()).toEqual(
    [
      ...Object.keys(operations),
      ...COMPAT_ROUTES.map(({ name }) => name),
      'export',
      'listByBody',
      'executionsByBody',
      'follow',
      'followExecution',
      'news',
      'events',
      'health',
      'openTab',
      'createTicket',
      'socket',
    ].toSorted(),
  );
  for (const [name, row] of Object.entries(operations)) {
    const { path, method, summary, scope, input } = row;
    const { one, ...place } = byName[name] ?? expect.fail(name);
    expect(place).toEqual({ path, method });
    expect(one.summary).toBe(summary);
    const agents = ['show', 'list', 'update', 'create'].includes(name) ? [{ token: ['agent'] }] : [];
    expect(one.security).toEqual([{ token: [scope] }, ...agents]);
    const inBody = one.requestBody?.content['application/json']?.schema.properties ?? {};
    const isHeader = (parameter: { readonly in: string }) => parameter.in === 'header';
    const asFields = (one.parameters ?? []).filter((parameter) => !isHeader(parameter));
    const fields = [...asFields.map((parameter) => parameter.name), ...Object.keys(inBody)];
    expect(fields.toSorted()).toEqual(Object.keys(input.shape).toSorted());
    const headers = (one.parameters ?? []).filter(isHeader).map((parameter) => parameter.name);
    const keyed = method !== 'GET' && !('keyless' in row);
    expect(headers).toEqual(keyed ? ['Idempotency-Key', 'Pawl-Session'] : []);
  }
});

it('has the reads that take lists once more, with the same fields in a body', async () => {
  const { paths } = await described();
  const one = paths['/api/tasks/list']?.post ?? expect.fail('it is not there');
  const fields = one.requestBody?.content['application/json']?.schema.properties ?? {};
  expect(Object.keys(fields).toSorted()).toEqual(Object.keys(operations.list.input.shape).toSorted());
  expect(one.security).toEqual([{ token: ['read'] }, { token: ['agent'] }]);
  expect(one.parameters).toEqual([]);
});

it('has the routes that are no operations, with their scopes and all of their fields', async () => {
  const { paths } = await described();
  for (const { name, path, method, scope, inPath, takes } of COMPAT_ROUTES) {
    const one = paths[path]?.[method.toLowerCase()] ?? expect.fail(name);
    expect(one).toMatchObject({ operationId: name, security: [{ token: [scope] }] });
    const asFields = (one.parameters ?? []).filter((parameter) => parameter.in !== 'header');
    const inBody = one.requestBody?.content['application/json']?.schema.properties ?? {};
    const told = [...asFields.map((parameter) => parameter.name), ...Object.keys(inBody)];
    expect(told.toSorted()).toEqual([...inPath, ...Object.keys(takes().fields)].toSorted());
  }
});
