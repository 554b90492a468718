import { extname, join } from 'node:path';

declare global {
  /** Set to true in what `serve/build.ts` makes: there, what a plane is made of lies beside the code. */
  var COUNTERSIGN_BUILT: boolean | undefined;
}

const IS_BUILT = globalThis.COUNTERSIGN_BUILT === true;
const ROOT = IS_BUILT ? import.meta.dirname : join(import.meta.dirname, '..');

/** The SQL of the schema, a file for each step. */
export const MIGRATIONS: string = join(ROOT, 'migrations');
/** Says how workerd is to behave towards the Workers. */
export const WRANGLER_TOML: string = join(ROOT, 'wrangler.toml');
/** The files of the dashboard. */
export const DASHBOARD: string = join(ROOT, IS_BUILT ? 'dashboard' : 'dashboard/dist/site');
/** What is built: the folder of the built files themselves, or where a clone keeps them. */
export const BUILT: string = IS_BUILT ? import.meta.dirname : join(import.meta.dirname, 'dist');

/** The Workers, each in one file. */
export const GATEWAY_FILE: string = join(BUILT, 'gateway.js');
export const PROVISIONER_FILE: string = join(BUILT, 'provisioner.js');

/** The script of a process of this package, by its name: TypeScript in a clone, JavaScript where it was built. */
export function scriptNamed(name: string): string {
  return join(import.meta.dirname, `${name}${extname(import.meta.filename)}`);
}
