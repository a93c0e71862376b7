/**
 * Lines on stdin that are no message of JSON-RPC. The SDK's transport drops them, those that are no JSON in silence, and says
 * no line to anybody: so they are looked for beside it, and answered as it answers them over HTTP.
 */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import {
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  ProtocolErrorCode,
  parseJSONRPCMessage,
} from '@modelcontextprotocol/server';
import { tellClientFault } from './client-faults.ts';

/**
 * How long a line may be is the transport's to bound, which ends the serving at one that is longer.
 * @returns what ends the reading: a stream that is read keeps its process
 */
export function answerInvalidLines(stdin: Readable, send: (answer: JSONRPCMessage) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  const read = (chunk: Buffer): void => {
    const [first = '', ...more] = decoder.write(chunk).split('\n');
    const lines = [begun + first, ...more];
    begun = lines.pop() ?? '';
    for (const line of lines) {
      const answer = answerToInvalid(line);
      // The types of the SDK leave the id out where it is none, and JSON-RPC has null there.
      if (answer !== undefined) send(answer as JSONRPCErrorResponse);
    }
  };
  stdin.on('data', read);
  return () => stdin.off('data', read).pause();
}

function answerToInvalid(line: string): object | undefined {
  if (line.trim() === '') return undefined;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    const answer = errorOf(null, ProtocolErrorCode.ParseError, 'one JSON message a line, got no JSON');
    // Of other JSON the transport tells itself.
    tellClientFault(new Error(answer.error.message));
    return answer;
  }
  try {
    parseJSONRPCMessage(message);
    return undefined;
  } catch {
    const { id, method, ...fields }: Readonly<Record<string, unknown>> = Object(message);
    const isResponse = method === undefined && ('result' in fields || 'error' in fields);
    // Two programs would answer each other for ever.
    if (isResponse) return undefined;
    const isRequest = typeof method === 'string' && (typeof id === 'string' || typeof id === 'number');
    const what = Array.isArray(message) ? 'a batch' : 'other JSON';
    return errorOf(
      isRequest ? id : null,
      ProtocolErrorCode.InvalidRequest,
      `a message of JSON-RPC 2.0, got ${what}`,
    );
  }
}

const errorOf = (id: string | number | null, code: ProtocolErrorCode, expected: string) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message: `expected ${expected}` },
});
