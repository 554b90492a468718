import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import { showFirst } from '../command/confirming.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { readJson, readText } from '../files.ts';
import { membersOf } from '../members-of.ts';
import { openPlane } from '../plane.ts';
import { compareVersions } from '../registry/compared-versions.ts';
import {
  inForceOf,
  newestOf,
  type PieceName,
  pieceNamed,
  versionNumber,
  versionOf,
} from '../registry/piece.ts';

const save = command({
  name: 'registry save',
  summary: 'save a version of a piece; it is not in force yet',
  text: `FILE holds the document as JSON. For a prompt or a skill, a file whose name does not end in .json is its text; a
skill then needs --description. The same document again is the same version.`,
  operands: ['KIND', 'NAME', 'FILE'],
  options: {
    description: { type: 'string', value: 'TEXT', help: 'when a skill of a text file is of use' },
  },
  example: 'countersign registry save skill tone tone.md --description "how we write to customers"',
  run: async (context, { description }, operands) => {
    const { kind, name } = pieceNamed(operands);
    const document = await documentIn({ kind, name }, operand(operands, 2), description);
    const plane = await openPlane(context);
    const answer = await plane.control.save(kind, name, document, writeOptions(context));
    const isActive = answer.status === 'active';
    const rest = isActive ? 'which is in force' : '`registry activate` brings it into force';
    context.answer(answer, `${kind} ${printable(name)} is saved as version ${answer.version}; ${rest}\n`);
    return exitCodes.ok;
  },
});

/** The document in a file. Throws `CliFault`. */
async function documentIn({ kind }: PieceName, path: string, description: string | undefined) {
  const isText = (kind === 'prompt' || kind === 'skill') && !path.endsWith('.json');
  const isDescribed = isText && kind === 'skill';
  if (isDescribed && description === undefined)
    throw usageFault('a skill of a text file needs --description');
  if (!isDescribed && description !== undefined)
    throw usageFault('--description is for a skill of a text file; elsewhere it stands in the document');
  if (isText) return { ...(description === undefined ? {} : { description }), text: await readText(path) };
  const document = await readJson(path);
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw usageFault(`${path} does not hold a JSON object`);
  return membersOf(document);
}

const activate = command({
  name: 'registry activate',
  summary: 'bring a version into force, newer or older',
  text: `It shows what changes against the version in force, and sends the digest of the version that it has read, so that
no other comes into force. \`registry diff\` shows the same, and changes nothing. Tasks that are queued go on as they were
planned; the next ones go by this version.`,
  operands: ['KIND', 'NAME'],
  options: {
    version: { type: 'string', value: 'N', help: 'which; usual: the newest' },
    ...reasonOption,
  },
  example: 'countersign registry activate route reviews --reason "the new model is cheaper"',
  run: async (context, { reason, version }, operands) => {
    const { kind, name } = pieceNamed(operands);
    const wanted = version === undefined ? undefined : versionNumber(version, '--version');
    const plane = await openPlane(context);
    const piece = await plane.control.read(kind, name, { signal: context.world.signal });
    const chosen = wanted === undefined ? newestOf(piece) : versionOf(piece, wanted);
    showFirst(context, `${compareVersions(piece, inForceOf(piece), chosen).text}\n`);
    const answer = await plane.control.activate(kind, name, chosen.digest, reason, writeOptions(context));
    const what = `${kind} ${printable(name)}, version ${chosen.version}`;
    context.answer(answer, `${what}, is in force; revision ${answer.revision}\n`);
    return exitCodes.ok;
  },
});

const retire = command({
  name: 'registry retire',
  summary: 'take a piece out of force',
  text: 'A piece that a route in force names cannot be retired before that route is retired or changed.',
  operands: ['KIND', 'NAME'],
  options: reasonOption,
  example: 'countersign registry retire route reviews --reason "reviewed by people again"',
  run: async (context, { reason }, operands) => {
    const { kind, name } = pieceNamed(operands);
    const plane = await openPlane(context);
    const answer = await plane.control.retire(kind, name, reason, writeOptions(context));
    context.answer(answer, `${kind} ${printable(name)} is out of force; revision ${answer.revision}\n`);
    return exitCodes.ok;
  },
});

export const registrySwitchingCommands = [save, activate, retire];
