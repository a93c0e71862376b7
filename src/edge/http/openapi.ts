/**
 * OpenAPI 3.1, made from the table of operations. It holds no secret, and yet needs the token like everything else:
 * generators and API browsers can send one, and what an engine can do is nobody's business on a shared machine.
 */

import { z } from 'zod';
import { isForAttempts } from '../../domain/attempt-calls.ts';
import { IdempotencyKey, KEY_HEADER, SESSION_HEADER } from '../../domain/idempotency-key.ts';
import { takesKey } from '../../domain/operation-schemas.ts';
import { operations } from '../../domain/operations.ts';
import { OpenedTab } from '../../domain/tabs.ts';
import { EXPORT } from '../compat/dashboard/export.ts';
import { COMPAT_ROUTES } from './compat-routes.ts';
import { TABS_PATH, TabRequest } from './dashboard-routes.ts';
import { PUBLIC_CODES } from './refusals.ts';
import {
  inPathOf,
  type JsonSchema,
  READS_BY_BODY,
  ROUTES,
  type Route,
  type Taken,
  type WireRoute,
} from './routes.ts';
import { SOCKET_FIELDS, SOCKET_QUERY, SocketMessage, TICKETS_PATH } from './socket-routes.ts';
import { EVENTS, STREAMS, type StreamRoute } from './streams.ts';
import { Ticket } from './tickets.ts';
import { SOCKET_PATH } from './upgrade.ts';

export function createOpenApi(version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  for (const route of READS_BY_BODY) {
    const { operationId, summary, ...described } = operationOf(route);
    const words = { operationId: `${operationId}ByBody`, summary: `${summary}, asked for in a body` };
    paths[route.path] = { post: { ...words, ...described } };
  }
  for (const route of COMPAT_ROUTES) {
    const described = describedBy(route, { output: route.output, takesKey: route.method === 'POST' });
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: described };
  }
  paths[EXPORT.path] = { get: EXPORTED };
  const streams = Object.fromEntries(STREAMS.map((stream) => [stream.path, { get: streamOf(stream) }]));
  return {
    openapi: '3.1.1',
    info: { title: 'Pawl', version, description: 'A durable workflow engine for coding agents.' },
    paths: {
      ...paths,
      ...streams,
      '/api/health': { get: HEALTH },
      [TICKETS_PATH]: { post: createTicket() },
      [SOCKET_PATH]: { get: socket() },
      [TABS_PATH]: { post: openTab() },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: ERROR },
      responses: {
        Error: { description: 'What went wrong, and what to do next', ...jsonOf(refTo('schemas/Error')) },
      },
    },
  };
}

function operationOf(route: Route) {
  const { name } = route;
  const { output } = operations[name];
  const { security, ...described } = describedBy(route, { output, takesKey: takesKey(operations[name]) });
  return { ...described, security: [...security, ...(isForAttempts(name) ? [{ token: ['agent'] }] : [])] };
}

interface More {
  readonly output: z.ZodType;
  readonly takesKey: boolean;
}

function describedBy(route: WireRoute, { output, takesKey: isKeyed }: More) {
  const { name, summary, scope, method } = route;
  const { fields, required } = route.takes();
  const query = method === 'GET' ? Object.entries(fields) : [];
  return {
    operationId: name,
    summary,
    parameters: [
      ...route.inPath.map(pathParameter),
      ...query.map(([field, schema]) => queryParameter(field, schema, required.includes(field))),
      ...(isKeyed ? [KEY_PARAMETER, SESSION_PARAMETER] : []),
    ],
    ...(method === 'GET' || Object.keys(fields).length === 0 ? {} : { requestBody: bodyOf(route.takes()) }),
    responses: {
      200: { description: 'Done', ...jsonOf(outputOf(output)) },
      default: refTo('responses/Error'),
    },
    security: [{ token: [scope] }],
  };
}

function bodyOf({ fields, required }: Taken) {
  const schema = { type: 'object', properties: fields, required, additionalProperties: false };
  return { required: required.length > 0, ...jsonOf(schema) };
}

const headerParameter = (name: string, description: string) => {
  const { type, pattern } = z.toJSONSchema(IdempotencyKey);
  return { name, in: 'header', required: false, description, schema: { type, pattern } };
};
const KEY_PARAMETER = headerParameter(
  KEY_HEADER,
  'The same call again under the same key is answered as the first time; another call under it is a conflict',
);
const SESSION_PARAMETER = headerParameter(SESSION_HEADER, 'In which the key counts, beside the token');

/** Every id in a path is a task's or another word; the operation says what is wrong with one. */
const pathParameter = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });

function queryParameter(name: string, schema: JsonSchema, required: boolean) {
  // What is no text, number, boolean or list of them travels as JSON.
  const flat = schema.type !== undefined && schema.type !== 'object';
  return { name, in: 'query', required, ...(flat || schema.anyOf ? { schema } : jsonOf(schema)) };
}

const jsonOf = (schema: object) => ({ content: { 'application/json': { schema } } });
const refTo = (part: string) => ({ $ref: `#/components/${part}` });

/** The document names the dialect once, by its version. */
function outputOf(output: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(output, { io: 'output' });
  return schema;
}

const ERROR = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string', enum: PUBLIC_CODES },
        message: { type: 'string' },
        details: { description: 'More for programs, such as the paths of wrong fields' },
      },
      required: ['code', 'message'],
    },
  },
  required: ['error'],
};

const EXPORTED = {
  operationId: EXPORT.name,
  summary: EXPORT.summary,
  parameters: [],
  responses: {
    200: { description: 'Done', ...jsonOf(outputOf(EXPORT.output)) },
    default: refTo('responses/Error'),
  },
  security: [{ token: [EXPORT.scope] }],
};

const streamOf = ({ name, summary, path, query, scope, data }: StreamRoute) => ({
  operationId: name,
  summary,
  parameters: [
    ...inPathOf(path).map(pathParameter),
    ...query.map((field) => queryParameter(field, { type: 'string' }, false)),
  ],
  responses: {
    200: {
      description:
        'Server-sent events, each with one object of this schema as JSON; `problem` with an error ends them early',
      content: { 'text/event-stream': { schema: outputOf(data) } },
    },
    default: refTo('responses/Error'),
  },
  security: [{ token: [scope] }],
});

const openTab = () => ({
  operationId: 'openTab',
  summary: 'Get the token of a tab of the dashboard, for the code of its link',
  requestBody: { required: true, ...jsonOf(outputOf(TabRequest)) },
  responses: {
    200: { description: 'Done; the code is used up', ...jsonOf(outputOf(OpenedTab)) },
    default: refTo('responses/Error'),
  },
  security: [],
});

const createTicket = () => ({
  operationId: 'createTicket',
  summary: 'Make a ticket for one WebSocket: what a page opens it with, where it cannot send a header',
  responses: {
    200: { description: 'Done: it lets in once, until expiresAt', ...jsonOf(outputOf(Ticket)) },
    default: refTo('responses/Error'),
  },
  // Whatever the token may: the ticket may the same.
  security: [{ token: [] }],
});

const socket = () => ({
  operationId: 'socket',
  summary: `The same as ${EVENTS.path} over a WebSocket`,
  parameters: SOCKET_QUERY.map((field) => queryParameter(field, SOCKET_FIELDS[field], false)),
  responses: {
    101: {
      description:
        'Each message is one line of JSON. A close says why: 1001 the engine stops, 1013 try again with `after`, 4401 the token is not taken any more',
      ...jsonOf(outputOf(SocketMessage)),
    },
    default: refTo('responses/Error'),
  },
  security: [{ token: [EVENTS.scope] }, {}],
});

const answer = { 'application/json': { schema: { type: 'object' } } };
const HEALTH = {
  operationId: 'health',
  summary: 'Tell how the engine is',
  responses: {
    200: { description: 'Well, or well but for tasks that fail', content: answer },
    503: { description: 'It starts, stops or lacks something', content: answer },
  },
  security: [],
};
