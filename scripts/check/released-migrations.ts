import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

/** Pins what has been released: such a migration has been applied somewhere, and is never edited. */
export const RELEASED: string = join(MIGRATIONS, 'meta/_released.json');

/** SHA-256 of each file, in hexadecimal digits. */
const pinsSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));
export type Pins = Readonly<Record<string, string>>;

export function readPins(): Pins {
  return pinsSchema.parse(JSON.parse(readFileSync(RELEASED, 'utf8')));
}

export function digestOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** What the file of pins must say once all of these are released. */
export function pinsText(names: readonly string[]): string {
  const pins = names.map((name) => [name, digestOf(readFileSync(join(MIGRATIONS, name), 'utf8'))]);
  return `${JSON.stringify(Object.fromEntries(pins), undefined, 2)}\n`;
}
