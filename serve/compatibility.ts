import { readFileSync } from 'node:fs';
import { WRANGLER_TOML } from './plane-files.ts';

/** How workerd is to behave towards the Worker. */
export interface Compatibility {
  readonly date: string;
  readonly flags: string[];
}

/** The compatibility settings that the Worker is deployed with. */
export function readCompatibility(): Compatibility {
  const toml = readFileSync(WRANGLER_TOML, 'utf8');
  const date = /^compatibility_date = "([^"]+)"$/m.exec(toml)?.[1];
  const flags = /^compatibility_flags = (\[.*\])$/m.exec(toml)?.[1];
  if (date === undefined || flags === undefined)
    throw new Error('wrangler.toml does not say its compatibility settings');
  return { date, flags: JSON.parse(flags) };
}
