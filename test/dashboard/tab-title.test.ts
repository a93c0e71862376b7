/** The title of the tab: how many decisions wait, and what the page is about. */
import { expect, it } from 'vitest';
import { tabTitle } from '../../src/dashboard/client/tab-title.ts';

it.each([
  [0, '', 'Pawl'],
  [2, '', '(2) Pawl'],
  [0, 'Fix the login', 'Fix the login · Pawl'],
  [3, 'Fix\nthe \u202Elogin', '(3) Fix the  login · Pawl'],
  [0, 'x'.repeat(200), `${'x'.repeat(80)} · Pawl`],
])('of %j decisions and the page %j', (decisions, thing, expected) => {
  expect(tabTitle(decisions, thing)).toBe(expected);
});
