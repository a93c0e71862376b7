/** One call of a tool over the engine's own `/mcp`. */

interface Site {
  readonly api: string;
  readonly token: string;
  readonly toolset: string;
}

/** What it answers as data; its code and message where it was refused. */
export async function callOverHttp(
  { api, token, toolset }: Site,
  name: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${api}/mcp?toolset=${toolset}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name, arguments: input },
    }),
  });
  const text = await answer.text();
  return Object(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)).result.structuredContent;
}
