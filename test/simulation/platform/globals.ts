import type { Random } from '../random.ts';
import type { Process, Schedule, Scheduled } from '../schedule.ts';
import { SocketEnd } from './socket.ts';

/** Whose time and chance the platform's globals give now: one history runs at a time. */
export interface Ambient {
  schedule: Schedule;
  random: Random;
  /** Who holds the outer end of the next pair of sockets. */
  gateway: Process;
}

let ambient: Ambient | undefined;

export function enter(next: Ambient): void {
  ambient = next;
}

function here(): Ambient {
  if (ambient === undefined) throw new Error('no history is running');
  return ambient;
}

class FakeWebSocketPair {
  readonly 0: SocketEnd;
  readonly 1: SocketEnd;

  constructor() {
    const { gateway, schedule, random } = here();
    [this[0], this[1]] = SocketEnd.pair(gateway, schedule.current, schedule, random);
  }
}

/** Nobody pings here. */
class FakeRequestResponsePair {
  readonly request: string;
  readonly response: string;

  constructor(request: string, response: string) {
    this.request = request;
    this.response = response;
  }
}

/** Node's own refuses status 101. */
class FakeResponse {
  readonly status: number;
  readonly webSocket: unknown;

  constructor(_body: null, { status, webSocket }: { readonly status: number; readonly webSocket?: unknown }) {
    this.status = status;
    this.webSocket = webSocket ?? null;
  }
}

interface Timer {
  readonly event: Scheduled;
  readonly process: Process;
}

function setVirtualTimeout(run: () => void, delay = 0): Timer {
  const { schedule } = here();
  const process = schedule.current;
  process.timers += 1;
  const event = schedule.after(process, delay, 'timer', () => {
    process.timers -= 1;
    run();
  });
  return { event, process };
}

function clearVirtualTimeout(timer: Timer | undefined): void {
  if (timer?.event.run === undefined) return;
  timer.event.run = undefined;
  timer.process.timers -= 1;
}

/** Puts this thread's clock, timers, chance and sockets under the history's rule. */
export function installGlobals(): void {
  Date.now = () => here().schedule.clock();
  Object.assign(globalThis, {
    WebSocketPair: FakeWebSocketPair,
    WebSocketRequestResponsePair: FakeRequestResponsePair,
    Response: FakeResponse,
    setTimeout: setVirtualTimeout,
    clearTimeout: clearVirtualTimeout,
    scheduler: {
      wait: (delay: number) =>
        here().schedule.sleep(here().schedule.current, delay + here().random.between(0, 1), 'yield'),
    },
  });
  // What the object logs is for its operators; what must not happen is judged, not read.
  console.error = () => undefined;
  Object.defineProperty(crypto, 'randomUUID', { value: () => here().random.text() });
}
