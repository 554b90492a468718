/**
 * What was asked for on the command line; undefined where that makes no sense: then the usage is shown, and the process
 * will end with code 2. `read` throws, or gives nothing, for what is not known.
 */
export function optionsOrUsage<Options>(usage: string, read: () => Options | undefined): Options | undefined {
  const options = readable(read);
  if (options !== undefined) return options;
  process.stdout.write(usage);
  process.exitCode = 2;
  return undefined;
}

function readable<Options>(read: () => Options | undefined): Options | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
