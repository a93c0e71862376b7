/** The server that the conformance suite is run against: its fixtures, served by the code that serves Pawl's own tools. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import {
  completable,
  inputRequired,
  inputResponse,
  type McpServer,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { localCaller } from '../../src/domain/scopes.ts';
import { createMcpSite } from '../../src/edge/mcp/http.ts';
import { createServer } from '../../src/edge/mcp/serving.ts';
import { ANSWERING } from './fixture/answering.ts';
import { ASKING } from './fixture/asking.ts';
import { createFixtureTasks, taskTools } from './fixture/tasks.ts';
import { IMAGE } from './fixture/tool.ts';

export interface FixtureServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startFixtureServer(): Promise<FixtureServer> {
  const kept = createFixtureTasks();
  const onBug = (error: Error) => console.error(error);
  const tools = [...ANSWERING, ...ASKING, ...taskTools(kept)];
  const site = createMcpSite({
    host: '127.0.0.1',
    onBug,
    admit: async () => localCaller('ann'),
    serve: () =>
      withContents(
        createServer({ name: 'fixture', version: '1.0.0', tools, tasks: { tasks: kept.tasks, onBug } }),
      ),
  });
  const server = serve({ fetch: site.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async close() {
      await site.close();
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function withContents(mcp: McpServer): McpServer {
  const mimeType = 'text/plain';
  mcp.registerResource('static-text', 'test://static-text', { mimeType }, async ({ href: uri }) => ({
    contents: [{ uri, mimeType, text: 'This is the content of the static text resource.' }],
  }));
  mcp.registerResource(
    'static-binary',
    'test://static-binary',
    { mimeType: 'image/png' },
    async ({ href: uri }) => ({
      contents: [{ uri, mimeType: 'image/png', blob: IMAGE }],
    }),
  );
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  mcp.registerResource('template', template, {}, async ({ href: uri }, { id }) => ({
    contents: [
      {
        uri,
        mimeType: 'application/json',
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
      },
    ],
  }));
  mcp.registerPrompt('test_simple_prompt', { description: 'Says something.' }, () =>
    said({ type: 'text', text: 'This is a simple prompt for testing.' }),
  );
  mcp.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'Says something with what it is given.',
      argsSchema: z.object({ arg1: completable(z.string(), () => ['one', 'two']), arg2: z.string() }),
    },
    ({ arg1, arg2 }) => said({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  );
  mcp.registerPrompt(
    'test_prompt_with_embedded_resource',
    {
      description: 'Says something with what it is given.',
      argsSchema: z.object({ resourceUri: z.string() }),
    },
    ({ resourceUri: uri }) => said({ type: 'resource', resource: { uri, mimeType, text: 'embedded' } }),
  );
  mcp.registerPrompt('test_prompt_with_image', { description: 'Says something.' }, () =>
    said({ type: 'image', data: IMAGE, mimeType: 'image/png' }),
  );
  mcp.registerPrompt('test_input_required_result_prompt', { description: 'Says something.' }, ({ mcpReq }) =>
    inputResponse(mcpReq.inputResponses, 'user_context').kind === 'elicit'
      ? said({ type: 'text', text: 'with your context' })
      : inputRequired({
          inputRequests: {
            user_context: inputRequired.elicit({
              message: 'What context should the prompt use?',
              requestedSchema: {
                type: 'object',
                properties: { context: { type: 'string' } },
                required: ['context'],
              },
            }),
          },
        }),
  );
  return mcp;
}

type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string }
  | { readonly type: 'resource'; readonly resource: { uri: string; mimeType: string; text: string } };

const said = (content: Content) => ({ messages: [{ role: 'user' as const, content }] });
