import type { ContractView, VersionView } from '@countersign/client/contracts-api';
import { printableJson } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, timeColumn } from '../command/listing.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { ACTIVE, fetchVersion } from '../contracts/compared.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { writeNew } from '../files.ts';
import { facts, table } from '../output/table.ts';
import { openPlane } from '../plane.ts';

const list = command({
  name: 'contracts list',
  summary: 'what agents may propose, and what is in force',
  options: pageOptions,
  example: 'countersign contracts list',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await (await plane.contracts()).list(pageOf(values), { signal: context.world.signal });
    return answerList<ContractView>(context, found, found.contracts, [
      column('CONTRACT', 'contract_id', true),
      column('NAME', 'name'),
      column('STATUS', 'status'),
      column('VERSIONS', 'current_version_number'),
    ]);
  },
});

const versionColumns = (active: unknown) => [
  column('VERSION', 'contract_version_id', true),
  column('NO', 'version_number'),
  {
    title: 'STATUS',
    of: (row: VersionView) => (row.contract_version_id === active ? 'in force' : row.status),
  },
  { title: 'RISK', of: (row: VersionView) => (row.risk_increasing === true ? 'permits more' : '-') },
  timeColumn('PUSHED', 'pushed_at'),
];

const show = command({
  name: 'contracts show',
  summary: 'one contract, and its newest version',
  operands: ['CONTRACT'],
  example: 'countersign contracts show ctr_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const contracts = await plane.contracts();
    const found = await contracts.history(operand(operands, 0), { signal: context.world.signal });
    const { contract, versions } = found;
    const newest = versions.at(-1);
    context.answer(
      found,
      facts([
        ['contract', contract.contract_id],
        ['name', contract.name],
        ['description', contract.description ?? undefined],
        ['in force', contract.active_version_id],
        ['versions', versions.length],
        ['newest', newest?.contract_version_id],
        ['digest', newest?.digest],
      ]),
    );
    return exitCodes.ok;
  },
});

const history = command({
  name: 'contracts history',
  summary: 'all versions of a contract, oldest first',
  operands: ['CONTRACT'],
  example: 'countersign contracts history ctr_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const contracts = await plane.contracts();
    const found = await contracts.history(operand(operands, 0), { signal: context.world.signal });
    const columns = versionColumns(found.contract.active_version_id);
    context.answer(found, table(columns, found.versions, context.emphasize));
    return exitCodes.ok;
  },
});

const pull = command({
  name: 'contracts pull',
  summary: 'a version as a file; its digest is checked',
  operands: ['CONTRACT', '[VERSION]'],
  options: { output: { type: 'string', short: 'o', value: 'FILE', help: 'usual: stdout' } },
  example: 'countersign contracts pull ctr_01J... -o billing.json',
  run: async (context, { output }, operands) => {
    const contractId = operand(operands, 0);
    const plane = await openPlane(context);
    const version = await fetchVersion(context, plane, { contractId, version: operands[1] ?? ACTIVE });
    const text = printableJson(version.contract);
    if (output === undefined) {
      context.answer(version, text);
      return exitCodes.ok;
    }
    await writeNew(output, {}, (write) => write(text));
    const { contract: _, ...shown } = version;
    context.answer({ ok: true, file: output, version: shown }, `${output}: ${version.digest}\n`);
    return exitCodes.ok;
  },
});

const bundle = command({
  name: 'contracts bundle',
  summary: 'what a Synapsor Runner needs, as a ZIP file',
  text: `The archive holds the contract, a configuration and examples for MCP clients: names of variables, and no secret.
It names a runner of its own: make another one for each machine.`,
  operands: ['CONTRACT', '[VERSION]'],
  options: {
    source: { type: 'string', value: 'ID', help: 'the database that it is for' },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'where it is written' },
  },
  example: 'countersign contracts bundle ctr_01J... --source src_billing -o runner.zip',
  run: async (context, { source, output }, operands) => {
    if (source === undefined) throw usageFault('contracts bundle needs --source ID');
    if (output === undefined)
      throw usageFault('contracts bundle needs -o FILE: an archive is not for a terminal');
    const contractId = operand(operands, 0);
    const plane = await openPlane(context);
    const reference = { contractId, version: operands[1] ?? ACTIVE };
    const { contract_version_id, digest } = await fetchVersion(context, plane, reference);
    const contracts = await plane.contracts();
    const pieces = contracts.bundle(contractId, contract_version_id, source, {
      signal: context.world.signal,
    });
    await writeNew(output, {}, async (write) => {
      for await (const piece of pieces) await write(piece);
    });
    context.answer(
      { ok: true, file: output, contract_id: contractId, contract_version_id, digest, source_id: source },
      `${output}: ${digest} for ${source}\n`,
    );
    return exitCodes.ok;
  },
});

function switching(verb: 'activate' | 'rollback', summary: string) {
  return command({
    name: `contracts ${verb}`,
    summary,
    text: 'A version that permits more than the one in force needs a reason.',
    operands: ['CONTRACT', 'VERSION'],
    options: reasonOption,
    example: `countersign contracts ${verb} ctr_01J... ctv_01J... --reason "reviewed by security"`,
    run: async (context, { reason }, operands) => {
      const [contractId, versionId] = [operand(operands, 0), operand(operands, 1)];
      const plane = await openPlane(context);
      const contracts = await plane.contracts();
      const answer = await contracts[verb](contractId, versionId, reason, writeOptions(context));
      context.answer(answer, `${answer.contract.active_version_id ?? versionId} is in force\n`);
      return exitCodes.ok;
    },
  });
}

export const contractCommands = [
  list,
  show,
  history,
  pull,
  bundle,
  switching('activate', 'put a version in force'),
  switching('rollback', 'put an older version in force again'),
];
