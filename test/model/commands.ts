import fc from 'fast-check';
import { claims, releases, renewals, reports, time, vanish } from './job-commands.ts';
import { cancel, decide, propose, settle, submit } from './proposal-commands.ts';
import type { Belief, Real } from './real.ts';
import { inquire, request, revise, sights, takes } from './rehearsal-commands.ts';
import { signs } from './runner-commands.ts';

/** What runs are made of; what stands twice is twice as likely. */
export const commands = fc.commands<Belief, Real, false>(
  [
    propose,
    propose,
    submit,
    request,
    request,
    takes,
    takes,
    sights,
    sights,
    sights,
    inquire,
    revise,
    decide,
    decide,
    decide,
    cancel,
    claims,
    claims,
    renewals,
    releases,
    reports,
    reports,
    reports,
    settle,
    time,
    time,
    vanish,
    vanish,
    settle,
    signs,
    signs,
  ],
  { maxCommands: 70, size: 'max' },
);
