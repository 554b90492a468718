/*
 * Loaded into a runner's process before its program: it ends with the campaign that started it, and where it is told
 * to, its wall clock is wrong, and jumps.
 */

const FLIPS_EVERY_MS = 4_000;

// Standard input is a pipe that the campaign holds open.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
process.stdin.resume();
if ('unref' in process.stdin) process.stdin.unref();

const skewMs = Number(process.env.CHAOS_CLOCK_SKEW_MS ?? '0');
if (skewMs !== 0) {
  const RealDate = Date;
  const beganAt = performance.now();
  const now = () => {
    const isFlipped = Math.floor((performance.now() - beganAt) / FLIPS_EVERY_MS) % 2 === 1;
    return RealDate.now() + (isFlipped ? -skewMs : skewMs);
  };
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
