import { printable } from '@countersign/client/printable';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import { lintContract } from '@countersign/protocol/contract-lint/lint-contract';
import { command, operand } from '../command/command.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { changesText } from '../contracts/changes.ts';
import { compare } from '../contracts/compared.ts';
import { type Finding, findingsText, lintOptions, stopper } from '../contracts/findings.ts';
import { readContract } from '../contracts/read-contract.ts';
import { exitCodes } from '../exit-codes.ts';
import { facts } from '../output/table.ts';
import { openPlane } from '../plane.ts';

/* The commands that CI runs: their exit codes say what they found. */

const lint = command({
  name: 'contracts lint',
  summary: 'what is dangerous in a valid contract; offline',
  text: 'Exit code 12 when a finding is as severe as --fail-on and not allowed.',
  operands: ['FILE'],
  options: lintOptions,
  example: 'countersign contracts lint billing.json --fail-on warning --allow text_unbounded',
  run: async (context, values, operands) => {
    const path = operand(operands, 0);
    const stopping = stopper(values);
    const findings = lintContract(await readContract(path));
    const stops = stopping(findings);
    context.answer(
      { ok: stops.length === 0, findings, stopping: stops.map(({ code }) => code) },
      `${findingsText(findings)}${printable(path)}: ${findings.length} findings, ${stops.length} of which stop\n`,
    );
    return stops.length === 0 ? exitCodes.ok : exitCodes.findings;
  },
});

const diff = command({
  name: 'contracts diff',
  summary: 'what changed, and what of it permits more',
  text: `Each is a file, or a version in the registry: CONTRACT@VERSION, or CONTRACT@active. Two files need no control
plane. A change marked !! permits more than before.

Exit code 0: no change; 10: changes, none of which permits more; 11: at least one permits more.`,
  operands: ['BEFORE', 'AFTER'],
  example: 'countersign contracts diff ctr_01J...@active billing.json',
  run: async (context, _values, operands) => {
    const compared = await compare(context, operand(operands, 0), operand(operands, 1));
    const { changes, risk_increasing } = compared;
    context.answer(compared, changes.length === 0 ? 'no change\n' : changesText(changes));
    if (changes.length === 0) return exitCodes.ok;
    return risk_increasing ? exitCodes.riskier : exitCodes.changed;
  },
});

const push = command({
  name: 'contracts push',
  summary: 'check a contract and register it as a version',
  text: `Nothing is sent when the contract is not valid, or a finding stops (exit code 12). The same contract again is the
same version. A version that permits more than the one in force needs --reason to be activated.`,
  operands: ['FILE'],
  options: {
    ...lintOptions,
    ...reasonOption,
    activate: { type: 'boolean', help: 'put it in force at once' },
    name: { type: 'string', value: 'NAME', help: 'which contract; usual: metadata.name in the file' },
    description: { type: 'string', value: 'TEXT', help: 'what it is for' },
  },
  example: 'countersign contracts push billing.json --activate --reason "higher bound, agreed with finance"',
  run: async (context, values, operands) => {
    const path = operand(operands, 0);
    const stopping = stopper(values);
    const contract = await readContract(path);
    const findings: readonly Finding[] = lintContract(contract);
    const stops = stopping(findings);
    if (stops.length > 0) {
      context.answer(
        { ok: false, pushed: false, findings, stopping: stops.map(({ code }) => code) },
        `${findingsText(stops)}nothing was pushed: fix these, or --allow their codes\n`,
      );
      return exitCodes.findings;
    }
    const contracts = await (await openPlane(context)).contracts();
    const { activate, description, name, reason } = values;
    const pushed = await contracts.push(
      {
        contract,
        local_digest: contractDigest(contract),
        activate: activate === true,
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(reason === undefined ? {} : { reason }),
      },
      writeOptions(context),
    );
    // The control plane may know of dangers that the file alone does not show.
    const late = stopping(pushed.version?.lint?.findings ?? []);
    const changes = pushed.version?.semantic_diff?.changes ?? [];
    context.answer(
      { ...pushed, stopping: late.map(({ code }) => code) },
      `${facts([
        ['contract', pushed.contract_id],
        ['version', `${pushed.contract_version_id}, number ${pushed.version_number ?? '-'}`],
        ['digest', pushed.digest],
        ['status', pushed.status],
      ])}${changesText(changes)}${findingsText(late)}`,
    );
    return late.length === 0 ? exitCodes.ok : exitCodes.findings;
  },
});

export const contractCheckCommands = [push, diff, lint];
