import type { KeyKind, KeyKindName } from './key-kind.ts';

/** What a plane of this machine takes its keys with: it reads them when it starts. */
export function restartCommands(config: string): readonly string[] {
  const where = `--config ${quoted(config)}`;
  return [`countersign serve --stop ${where}`, `countersign serve --daemon ${where}`];
}

/**
 * What gives the keys of a file to the Workers. With a new key in front first all learn it, and only then does anybody
 * sign with it: a Worker, or a place on earth, that has not got it yet would refuse what another signed.
 */
export function secretCommands(
  name: KeyKindName,
  { secret }: Pick<KeyKind<unknown>, 'secret'>,
  file: string,
  isNew: boolean,
): readonly string[] {
  const put = (more: string) =>
    secret.workers.map(
      (worker) =>
        `countersign keys secret ${name} --file ${quoted(file)}${more} | wrangler secret put ${secret.name} --config ${worker}`,
    );
  return isNew ? [...put(' --known-only'), ...put('')] : put('');
}

/** A path as a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
