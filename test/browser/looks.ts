/** What is the matter with how a page looks, and its picture for whoever looks at it themselves. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** The folder of the pictures, where somebody wants them. */
const folder = process.env.PAWL_PICTURES;
export const arePicturesWanted = folder !== undefined;

export type Mode = readonly [colorScheme: 'light' | 'dark', width: number];
export const MODES: readonly Mode[] = arePicturesWanted
  ? (['light', 'dark'] as const).flatMap((scheme): Mode[] => [
      [scheme, 1400],
      [scheme, 390],
    ])
  : [
      ['light', 1400],
      ['dark', 360],
    ];

/** Faults of accessibility, and what is wider than the window. @param name of what one looks at, before each */
export async function faultsOf(page: Page, name: string): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const faults = violations.map(
    ({ id, impact, nodes }) =>
      `${name}: ${id} (${impact}) at ${nodes.map(({ target }) => target.join(' ')).slice(0, 3)}`,
  );
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return wider > 0 ? [...faults, `${name}: ${wider} pixels wider than the window`] : faults;
}

/** Of all of the page, or with a dialog over it of what is seen. Nothing where no pictures are wanted. */
export async function picture(page: Page, name: string, [colorScheme, width]: Mode): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const fullPage = (await page.getByRole('dialog').count()) === 0;
  const file = `${name.replaceAll('/', '_')}-${colorScheme}-${width}.png`;
  await page.screenshot({ path: join(folder, file), fullPage });
}
