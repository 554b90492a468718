/**
 * Loaded before a child's own code (`node --import`): ends the child when its parent is gone, for whatever
 * reason. A parent that is killed cannot stop its children, but the system closes its end of the IPC
 * channel. The child gets a SIGTERM first, so that it may finish what it does, and a limit for that.
 */
const GRACE_MS = 10_000;

if (process.channel) {
  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening must not keep a child alive that has nothing left to do.
  process.channel.unref();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      // The pipes break with the parent. Without a listener the next log line would end the child at once.
    });
  }
}
