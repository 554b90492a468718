import { createReadStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { printable } from '@countersign/client/printable';
import { type ExportVerdict, verifyExport } from '@countersign/protocol/verify-export';
import { command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { writeNew } from '../files.ts';
import { linesOf } from '../output/lines-of.ts';
import { facts } from '../output/table.ts';
import { openPlane } from '../plane.ts';

const exportLedger = command({
  name: 'ledger export',
  summary: 'the record, whole or of one proposal, as a file',
  options: {
    proposal: { type: 'string', value: 'ID', help: 'only what happened to this one' },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'usual: stdout' },
  },
  example: 'countersign ledger export -o ledger.ndjson && countersign verify ledger.ndjson',
  run: async (context, { output, proposal }) => {
    const plane = await openPlane(context);
    const pieces = plane.record.exportLedger(proposal, { signal: context.world.signal });
    if (output === undefined) {
      if (context.isJson)
        throw usageFault('ledger export --json needs -o FILE: the export is NDJSON by itself');
      const decoder = new TextDecoder();
      for await (const piece of pieces) context.world.print(decoder.decode(piece, { stream: true }));
      return exitCodes.ok;
    }
    const verdict = await writeNew(output, {}, () => exportTo(output, pieces));
    context.answer(
      { ok: true, file: output, ...verdict.manifest },
      `${output}: ${verdict.entries} entries, verified\n`,
    );
    return exitCodes.ok;
  },
});

/** Under another name until it is whole and holds: half of a record must not pass for one. */
async function exportTo(output: string, pieces: AsyncIterable<Uint8Array>) {
  const draft = `${output}.part`;
  const verdict = await writeNew(draft, { isReplaced: true }, async (write) => {
    const verified = await verifyExport(linesOf(copying(pieces, write)));
    if (verified.ok) return verified;
    throw new CliFault(`what came is not a whole record: ${verified.fault.message}`, {
      code: exitCodes.failed,
    });
  });
  await rename(draft, output);
  return verdict;
}

async function* copying(
  pieces: AsyncIterable<Uint8Array>,
  write: (piece: Uint8Array) => Promise<unknown>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    await write(piece);
    yield piece;
  }
}

const verify = command({
  name: 'verify',
  summary: 'check an exported record, offline',
  text: `A forger who holds the whole file can cut off its end and seal the rest anew. So compare the head hash with
one that was kept elsewhere, or give it with --head.`,
  operands: ['FILE'],
  options: { head: { type: 'string', value: 'HASH', help: 'the head hash that you know' } },
  example: 'countersign verify ledger.ndjson',
  run: async (context, { head }, operands) => {
    const path = operand(operands, 0);
    const verdict = await verifyFile(path);
    if (!verdict.ok) return tellFault(context, path, verdict);
    const { manifest } = verdict;
    if (head !== undefined && head !== manifest.head_hash) {
      const message = 'the record holds, and ends elsewhere than at the head that you know';
      context.answer(
        { ok: false, entries: verdict.entries, manifest, fault: { code: 'other_head', message } },
        `${message}\n`,
      );
      return exitCodes.failed;
    }
    context.answer(
      { ok: true, entries: verdict.entries, manifest },
      `${printable(path)} holds\n${facts([
        ['project', manifest.project_id],
        ['of', manifest.scope === 'whole' ? 'the whole record' : `proposal ${manifest.subject}`],
        ['entries', `${manifest.entries}, ${manifest.from_seq ?? '-'} to ${manifest.to_seq ?? '-'}`],
        ['head', manifest.head_hash],
        ['exported', manifest.exported_at],
      ])}`,
    );
    return exitCodes.ok;
  },
});

async function verifyFile(path: string): Promise<ExportVerdict> {
  try {
    return await verifyExport(linesOf(createReadStream(path, { highWaterMark: 1 << 20 })));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new CliFault(`${path} cannot be read (${cause.code})`, { code: exitCodes.failed, cause });
  }
}

function tellFault(context: Context, path: string, verdict: Extract<ExportVerdict, { ok: false }>): ExitCode {
  const { code, line, message } = verdict.fault;
  context.answer(verdict, `${printable(path)}, line ${line}: ${code}: ${printable(message)}\n`);
  return exitCodes.failed;
}

export const proofCommands = [exportLedger, verify];
