import { beforeAll, describe, expect, test } from 'vitest';
import { type Findings, lintPlanted } from './lint-planted.ts';

const WHOLE: readonly string[] = [
  "import { z } from 'zod';\nexport const schema = z.string();\n",
  "import z from 'zod';\nexport const schema = z.string();\n",
  "import { type ZodType, z } from 'zod';\nexport const schema: ZodType = z.string();\n",
];
const SHAKEN: readonly string[] = [
  "import * as z from 'zod';\nexport const schema = z.string();\n",
  "import type { z } from 'zod';\nexport type Schema = z.ZodType;\n",
];

describe('zod is imported so that a bundle holds only what is used of it', () => {
  let findings: Findings = new Map();
  const about = (kind: string, at: number) => findings.get(`protocol/${kind}-${at}.ts`) ?? [];

  beforeAll(() => {
    const files = new Map<string, string>();
    for (const [at, source] of WHOLE.entries()) files.set(`protocol/whole-${at}.ts`, source);
    for (const [at, source] of SHAKEN.entries()) files.set(`protocol/shaken-${at}.ts`, source);
    findings = lintPlanted(files);
  });

  test.each(WHOLE.map((source, at) => [source, at] as const))('refused: %s', (_, at) => {
    expect(about('whole', at)).toEqual([expect.stringContaining('keeps all of zod')]);
  });

  test.each(SHAKEN.map((source, at) => [source, at] as const))('passes: %s', (_, at) => {
    expect(about('shaken', at)).toEqual([]);
  });
});
