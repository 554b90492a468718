import fc from 'fast-check';
import {
  approvals,
  cancels,
  doubles,
  lettingGo,
  recoveries,
  rejections,
  requests,
  settles,
} from './intent-commands.ts';
import { burials, shifts, storms, trials, vanish } from './long-commands.ts';
import type { Belief, Real } from './real.ts';
import { deadlines, time } from './time-commands.ts';
import { begins, claims, confirms, renewals, repeats, returns } from './work-commands.ts';

/** What runs are made of; what stands twice is twice as likely. */
export const commands = fc.commands<Belief, Real, false>(
  [
    ...[requests, requests, requests, lettingGo, lettingGo, doubles, doubles],
    ...[approvals, approvals, rejections, rejections, cancels, cancels],
    ...[claims, claims, claims, begins, renewals, renewals, returns, returns],
    ...[confirms, confirms, confirms, repeats],
    ...[settles, settles, settles, recoveries, recoveries],
    ...[shifts, storms, storms, trials, trials, trials, vanish, vanish, burials],
    ...[time, deadlines, deadlines],
  ],
  { maxCommands: 40, size: 'max' },
);
