/**
 * What `start` makes, for all files that this process runs, and made when the first of them asks. It ends with the
 * process. Where a test has made it unusable, that test and those after it in its file have failed of that, and the next
 * file gets another.
 */
export function shared<Thing>(
  start: () => Promise<Thing>,
  isUsable: (thing: Thing) => boolean | Promise<boolean>,
): () => Promise<Thing> {
  let known: Promise<Thing> | undefined;
  return async () => {
    if (known === undefined || !(await isUsable(await known))) known = start();
    return known;
  };
}
