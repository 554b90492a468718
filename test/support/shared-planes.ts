import { send } from './http.ts';
import {
  type ClockedPlane,
  type DeployedPlane,
  startClockedPlane,
  startTestPlane,
  type TestPlane,
} from './plane.ts';
import { shared } from './shared.ts';

/** A plane for tests that keep to tenants of their own on it. What it logs may be about those of others. */
type Shared<Plane extends TestPlane> = Omit<Plane, 'logs' | 'stop'>;
export type SharedPlane = Shared<DeployedPlane>;
export type SharedClockedPlane = Shared<ClockedPlane>;

/** The gateway as it is deployed. */
export const sharedPlane: () => Promise<SharedPlane> = shared(() => startTestPlane(), answers);

export const sharedClockedPlane: () => Promise<SharedClockedPlane> = shared(
  () => startClockedPlane(),
  answers,
);

/** A second one, for suites that keep two processes busy. */
export const secondClockedPlane: () => Promise<SharedClockedPlane> = shared(
  () => startClockedPlane(),
  answers,
);

async function answers({ origin }: TestPlane): Promise<boolean> {
  try {
    await send(origin, { method: 'GET', path: '/v1/nothing' });
    return true;
  } catch {
    return false;
  }
}
