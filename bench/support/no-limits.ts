import { type LimitsSetting, limitNames } from '@countersign/protocol/limits';

const MOST = 1_000_000_000;

/** A measurement asks as much as the machine can do, of one project and in one name: no limit is to be what it measures. */
export const noLimits: LimitsSetting = {
  everywhere: Object.fromEntries(limitNames.map((name) => [name, MOST])),
  projects: {},
};
