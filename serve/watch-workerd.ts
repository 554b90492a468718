import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

/** The workerd of a plane, which miniflare keeps to itself. */
export interface WatchedWorkerd {
  /** Has it take no more requests and finish those that it has; then it ends. */
  drain(): void;
}

/**
 * Watches the processes that this one starts from now on, which is the plane's workerd. When it ends, miniflare would
 * start another and say nothing; `onEnd` is called before that.
 */
export function watchWorkerd(onEnd: () => void): WatchedWorkerd {
  const children: ChildProcess[] = [];
  subscribe('child_process', (message) => {
    const child = childIn(message);
    if (child === undefined) return;
    children.push(child);
    child.once('exit', onEnd);
  });
  return {
    drain: () => {
      for (const child of children) child.kill('SIGTERM');
    },
  };
}

function childIn(message: unknown): ChildProcess | undefined {
  if (typeof message !== 'object' || message === null || !('process' in message)) return undefined;
  return message.process instanceof ChildProcess ? message.process : undefined;
}
