/** What the address of MCP over HTTP may say, and what is answered to one that says something else. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { addressFor, addressIn } from '../../../src/edge/mcp/address.ts';

const at = (query: string): string => `http://127.0.0.1:8100/mcp${query}`;

it.each([
  ['', { toolset: 'core' }],
  ['?', { toolset: 'core' }],
  ['?toolset=orchestrator', { toolset: 'orchestrator' }],
  ['?toolset=core,orchestrator', { toolset: 'core,orchestrator' }],
  ['?toolset=core,%20orchestrator,core', { toolset: 'core,orchestrator' }],
  ['?directory=/home/ann/shop', { toolset: 'core', directory: '/home/ann/shop' }],
  ['?directory=%2Fhome%2Fann%2F%C3%A4+b%2Bc', { toolset: 'core', directory: '/home/ann/ä b+c' }],
])('reads %j', (query, address) => {
  expect(addressIn(at(query))).toEqual(address);
});

function problemOf(query: string): PawlError {
  try {
    addressIn(at(query));
  } catch (error) {
    if (error instanceof PawlError) return error;
    throw error;
  }
  throw new Error(`expected ${query} to be refused, and it was taken`);
}

describe('refuses', () => {
  it.each([
    [
      '?toolset=loops',
      ['toolset'],
      'toolset: expected toolsets of core, orchestrator, loop with commas between, got "loops"',
    ],
    ['?toolset=core,', ['toolset'], 'got "core,"'],
    ['?toolset=', ['toolset'], 'got nothing'],
    ['?toolset=constructor', ['toolset'], 'got "constructor"'],
    ['?directory=shop', ['directory'], 'directory: expected an absolute path, got "shop"'],
    ['?directory=', ['directory'], 'got nothing'],
    ['?directory=/a%00b', ['directory'], 'expected an absolute path'],
    [`?directory=/${'x'.repeat(4096)}`, ['directory'], 'directory: expected at most 4096 characters'],
    ['?session=x', ['session'], 'session: there is no such parameter: there are toolset and directory'],
    ['?Toolset=core', ['Toolset'], 'there is no such parameter'],
    ['?__proto__=x', ['__proto__'], 'there is no such parameter'],
    ['?toolset=core&toolset=orchestrator', ['toolset'], 'toolset: expected once'],
    ['?directory=/a&directory=/a', ['directory'], 'directory: expected once'],
  ])('%.60s', (query, details, message) => {
    const problem = problemOf(query);
    expect(problem).toMatchObject({ code: 'invalid_input', details: [details] });
    expect(problem.message).toContain(message);
  });

  it('all that is wrong at once, in few words', () => {
    const long = 'x'.repeat(10_000);
    const problem = problemOf(`?toolset=${long}&directory=${long}&${long}=1`);
    expect(problem.details).toEqual(expect.arrayContaining([['toolset'], ['directory']]));
    expect(problem.message.length).toBeLessThan(1_000);
  });
});

it.each(['/home/ann/shop', '/ä b+c&d=e#f?', '/"%41'])('writes an address that says %s', (directory) => {
  const address = { toolset: 'core,orchestrator', directory };
  expect(addressIn(`http://pawl.example${addressFor(address, directory)}`)).toEqual(address);
});
