import type { View } from '@countersign/client/call-api';
import type { PieceView } from '@countersign/client/control-api';
import { printable, printableJson } from '@countersign/client/printable';
import { command } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, shortTime, timeColumn } from '../command/listing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { membersOf } from '../members-of.ts';
import { facts, table } from '../output/table.ts';
import { openPlane } from '../plane.ts';
import { compareVersions } from '../registry/compared-versions.ts';
import {
  inForceOf,
  newestOf,
  type PieceVersion,
  pieceNamed,
  versionNumber,
  versionOf,
} from '../registry/piece.ts';
import { registrySwitchingCommands } from './registry-switching.ts';

const list = command({
  name: 'registry list',
  summary: 'prompts, skills, tools, routes and arbiters',
  options: pageOptions,
  example: 'countersign registry list',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.control.list(pageOf(values), { signal: context.world.signal });
    return answerList<View>(context, found, found.pieces, [
      column('KIND', 'kind', true),
      column('NAME', 'name'),
      column('STATUS', 'status'),
      column('IN FORCE', 'active_version'),
      column('NEWEST', 'newest_version'),
      timeColumn('CHANGED', 'updated_at'),
    ]);
  },
});

const show = command({
  name: 'registry show',
  summary: 'one piece: its versions, and what the newest says',
  text: 'With --version it prints just the document of that one, as it was saved: to be changed, and saved again.',
  operands: ['KIND', 'NAME'],
  options: { version: { type: 'string', value: 'N', help: 'the document of this version alone' } },
  example: 'countersign registry show route reviews --version 2 > reviews.json',
  run: async (context, { version }, operands) => {
    const { kind, name } = pieceNamed(operands);
    const wanted = version === undefined ? undefined : versionNumber(version, '--version');
    const plane = await openPlane(context);
    const piece = await plane.control.read(kind, name, { signal: context.world.signal });
    if (wanted === undefined) {
      context.answer(piece, pieceText(piece, context.emphasize));
      return exitCodes.ok;
    }
    const one = versionOf(piece, wanted);
    context.answer(one, printableJson(one.document));
    return exitCodes.ok;
  },
});

function pieceText(piece: PieceView, emphasize: (text: string) => string): string {
  const newest = newestOf(piece);
  const columns = [
    { title: 'VERSION', of: ({ version }: PieceVersion) => version },
    {
      title: 'STATUS',
      of: ({ version }: PieceVersion) => (version === piece.active_version ? 'in force' : '-'),
    },
    { title: 'DIGEST', of: (row: PieceVersion) => row.digest },
  ];
  return [
    `${emphasize(printable(`${piece.kind} ${piece.name}`))}\n`,
    `${printable(piece.status)}\n\n`,
    table(columns, piece.versions, emphasize),
    `\nversion ${newest.version}\n${printableJson(newest.document)}`,
  ].join('');
}

const diff = command({
  name: 'registry diff',
  summary: 'what a version says differently from another',
  text: `Without FROM and TO: the version in force, and the newest. The lines are of the documents as JSON, members in order of
their names; lines that are the same and far from any change are left out.

Exit code 0: no change; 10: changes.`,
  operands: ['KIND', 'NAME', '[FROM]', '[TO]'],
  example: 'countersign registry diff prompt reviewer 1 3',
  run: async (context, _values, operands) => {
    const { kind, name } = pieceNamed(operands);
    const [, , from, to] = operands;
    if (from !== undefined && to === undefined) throw usageFault('registry diff needs both FROM and TO');
    const numbers =
      from === undefined || to === undefined
        ? undefined
        : { from: versionNumber(from, 'FROM'), to: versionNumber(to, 'TO') };
    const plane = await openPlane(context);
    const piece = await plane.control.read(kind, name, { signal: context.world.signal });
    const [before, after] =
      numbers === undefined
        ? [inForceOf(piece), newestOf(piece)]
        : [versionOf(piece, numbers.from), versionOf(piece, numbers.to)];
    const { edits, text } = compareVersions(piece, before, after);
    const changes = edits.filter(({ sign }) => sign !== ' ');
    context.answer({ ok: true, kind, name, from: before?.version ?? null, to: after.version, changes }, text);
    return changes.length === 0 ? exitCodes.ok : exitCodes.changed;
  },
});

const snapshot = command({
  name: 'registry snapshot',
  summary: 'everything in force, under one digest',
  text: 'Two workers with the same digest go by the same pieces. --json has their documents.',
  example: 'countersign registry snapshot',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.control.snapshot({ signal: context.world.signal });
    const columns = [column('KIND', 'kind', true), column('NAME', 'name'), column('VERSION', 'version')];
    const pieces = found.pieces.length === 0 ? 'nothing\n' : table(columns, found.pieces, context.emphasize);
    context.answer(
      found,
      `${facts([
        ['revision', found.revision],
        ['digest', found.digest],
      ])}\n${pieces}`,
    );
    return exitCodes.ok;
  },
});

const changes = command({
  name: 'registry changes',
  summary: 'each change of what steers or bounds agents',
  text: 'Newest first: of the registry, and of contracts, policies and permission rules in force.',
  options: pageOptions,
  example: 'countersign registry changes --limit 20',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.control.changes(pageOf(values), { signal: context.world.signal });
    return answerList<View>(context, found, found.changes, [
      column('NO', 'revision'),
      { title: 'AT', of: (row) => shortTime(row.at), isWhole: true },
      { title: 'WHAT', of: (row) => `${row.type} ${row.subject}` },
      { title: 'WHO', of: ({ actor }) => `${membersOf(actor).kind} ${membersOf(actor).id}` },
      column('REASON', 'reason'),
    ]);
  },
});

export const registryCommands = [list, show, diff, ...registrySwitchingCommands, snapshot, changes];
