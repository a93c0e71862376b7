/** How long an adapter waits, as it is set. */
import { expect, it } from 'vitest';
import { readConfig } from '../../../../src/config.ts';

const told = (env: NodeJS.ProcessEnv) => {
  const { mcpRetryMs, mcpSpool } = readConfig(env);
  return { mcpRetryMs, mcpSpool };
};

it('waits 5 and 10 seconds by default, and keeps nothing for a client that cannot be asked', () => {
  expect(told({})).toEqual({ mcpRetryMs: [5_000, 10_000], mcpSpool: false });
  expect(told({ PAWL_MCP_RETRY_SECONDS: '', PAWL_MCP_SPOOL: '' })).toEqual(told({}));
  const own = { PAWL_MCP_RETRY_SECONDS: '0,2,30', PAWL_MCP_SPOOL: 'on' };
  expect(told(own)).toEqual({ mcpRetryMs: [0, 2_000, 30_000], mcpSpool: true });
});

it.each(['5,', '-1', '1.5', 'soon', '1000', '1,1,1,1,1,1,1,1,1,1,1'])('refuses %s by name', (text) => {
  expect(() => readConfig({ PAWL_MCP_RETRY_SECONDS: text, PAWL_MCP_SPOOL: 'yes' })).toThrow(
    /PAWL_MCP_RETRY_SECONDS: expected 1 to 10 whole numbers .*; PAWL_MCP_SPOOL: expected on or off|PAWL_MCP_SPOOL: expected on or off.*PAWL_MCP_RETRY_SECONDS: expected/,
  );
});
