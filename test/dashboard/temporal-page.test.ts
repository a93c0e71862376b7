/** Links into the Temporal Web UI. */
import { expect, it } from 'vitest';
import { temporalPage } from '../../src/dashboard/shown/temporal-page.ts';

const UI = 'http://127.0.0.1:8233';

it.each([
  ['its own Temporal', UI, 'default', 'fix-1', 'localhost', `${UI}/namespaces/default/workflows/fix-1`],
  ['of an execution', UI, 'a b', 'x_fix-1', '127.0.0.1', `${UI}/namespaces/a%20b/workflows/x_fix-1`],
  ['an odd id', UI, 'd', '../a?b#c', '[::1]', `${UI}/namespaces/d/workflows/..%2Fa%3Fb%23c`],
  [
    'below a path',
    'https://t.example/ui/',
    'd',
    'a',
    'board.example',
    'https://t.example/ui/namespaces/d/workflows/a',
  ],
  ['seen from elsewhere', UI, 'default', 'a', 'build.example', undefined],
  ['none', null, 'default', 'a', 'localhost', undefined],
  ['no address of a page', 'javascript:alert(1)', 'default', 'a', 'localhost', undefined],
])('%s', (_, ui, namespace, id, seenAt, page) => {
  expect(temporalPage({ ui, namespace }, id, seenAt)).toBe(page);
});
