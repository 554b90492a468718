import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import * as z from 'zod';

const SCRIPT = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** WCAG 2.2, level A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const reportSchema = z.looseObject({
  violations: z.array(
    z.looseObject({
      id: z.string(),
      nodes: z.array(z.looseObject({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/** That nothing on the page as it is now keeps anybody out, as far as a program can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(SCRIPT, 'utf8'));
  const report = await page.evaluate(`axe.run(${JSON.stringify({ runOnly: RULES })})`);
  const { violations } = reportSchema.parse(report);
  const found = violations.map(({ id, nodes }) => ({
    id,
    where: nodes.map(({ failureSummary, html }) => `${html}: ${failureSummary}`),
  }));
  expect(found).toEqual([]);
}
