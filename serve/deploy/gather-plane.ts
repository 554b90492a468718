import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const CLONE = join(import.meta.dirname, '../..');
const MODULES = join(CLONE, 'node_modules');

/** Decoders of pictures, in native code, which miniflare loads for what has pictures. */
const LEFT_OUT = new Set(['sharp']);
/** workerd once more, for whoever calls it by name. */
const COPY_OF_WORKERD = join(MODULES, 'workerd/bin');

const namesSchema = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({ dependencies: namesSchema, optionalDependencies: namesSchema });

/**
 * Gathers into one folder what serves a plane: the command line, and beside it what was built of this package, and the
 * packages of npm that it needs, as they are installed in this clone. Node is all else that it takes.
 */
export async function gatherPlane(folder: string): Promise<void> {
  const own = join(folder, 'node_modules/@countersign/serve');
  await mkdir(own, { recursive: true });
  await cp(join(CLONE, 'cli/dist/countersign.js'), join(folder, 'countersign.js'));
  await cp(join(CLONE, 'serve/package.json'), join(own, 'package.json'));
  await cp(join(CLONE, 'serve/dist'), join(own, 'dist'), { recursive: true });
  for (const name of packagesBehind('miniflare')) {
    // With the packages that npm put into its own folder.
    await cp(join(MODULES, name), join(folder, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (path) => path !== COPY_OF_WORKERD,
    });
  }
}

/** A package and all that it needs, of those that lie in the clone's own folder. Optional ones are for other systems. */
export function packagesBehind(first: string): Set<string> {
  const found = new Set<string>();
  const visit = (folder: string) => {
    const { dependencies, optionalDependencies } = manifestSchema.parse(
      JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    );
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const nested = join(folder, 'node_modules', name);
      if (LEFT_OUT.has(name) || found.has(name)) continue;
      if (existsSync(nested)) visit(nested);
      else if (existsSync(join(MODULES, name))) {
        found.add(name);
        visit(join(MODULES, name));
      } else if (name in dependencies) throw new Error(`${name} is not installed: npm ci`);
    }
  };
  found.add(first);
  visit(join(MODULES, first));
  return found;
}

const [, , target] = process.argv;
if (import.meta.main) {
  if (target === undefined) throw new TypeError('gather-plane.ts FOLDER');
  await gatherPlane(target);
}
