import { expect, test } from 'vitest';
import { lintPlanted } from './lint-planted.ts';

test('`as unknown as` is refused; a single assertion is not', () => {
  const findings = lintPlanted(
    new Map([
      ['runner/double.ts', 'export const it = 3 as unknown as string;\n'],
      ['runner/single.ts', "export const it = JSON.parse('3') as number;\n"],
    ]),
  );
  expect(findings.get('runner/double.ts')).toEqual([
    expect.stringContaining('switches the type checker off'),
  ]);
  expect(findings.get('runner/single.ts')).toBeUndefined();
});
