import { printable } from '@countersign/client/printable';
import type { PolicyDocument, PolicyLimit, PolicyTest } from '@countersign/protocol/policy-document';
import { facts, textOf } from '../output/table.ts';
import type { PolicyDetail } from './policy-detail.ts';

type Fact = readonly [string, string | undefined];

/** A policy as whoever puts it in force reads it: what it does, when, how far, by which tests, and its digest. */
export function policyText(detail: PolicyDetail, emphasize: (text: string) => string): string {
  const { activeDigest, digest, document, status, version } = detail;
  const numbered = version === undefined ? '' : `, version ${version}`;
  return [
    `${emphasize(printable(document.name))}\n`,
    `${printable(status ?? 'saved')}${numbered}\n\n`,
    facts([
      ['effect', document.effect],
      ['applies to', document.applies_to.join(', ')],
      ...conditionOf(document),
      ['requires', requirementOf(document)],
      ['message', document.message],
      ...document.limits.map((limit): Fact => ['limit', limitText(limit)]),
      ...testsOf(document),
      ['described as', document.description],
      ['in force', inForceText(digest, activeDigest)],
      ['digest', digest],
    ]),
  ].join('');
}

/** A line of the condition in a line of its own, under its name, so that none passes for something else. */
function conditionOf({ when }: PolicyDocument): Fact[] {
  return when.split(/\r?\n/).map((line, place) => [place === 0 ? 'when' : '', line]);
}

function requirementOf({ requires }: PolicyDocument): string | undefined {
  if (requires === undefined) return undefined;
  const { approvals, role } = requires;
  return `${approvals} approval${approvals === 1 ? '' : 's'}${role === undefined ? '' : ` by ${role}`}`;
}

function limitText(limit: PolicyLimit): string {
  const most = 'count' in limit ? `${limit.count} proposals` : `${limit.total} of ${limit.of} in total`;
  return `${most} a ${limit.period}, per ${limit.per}`;
}

function testsOf({ tests }: PolicyDocument): Fact[] {
  if (tests.length === 0) return [['tests', 'none']];
  return tests.map((test) => ['test', testText(test)]);
}

function testText({ expect, given, name }: PolicyTest): string {
  return `${name}: ${expect}, given ${textOf(given)}`;
}

function inForceText(digest: string, activeDigest: string | undefined): string {
  if (activeDigest === undefined) return 'nothing of this name';
  return activeDigest === digest ? 'this' : `another one, ${activeDigest}`;
}
