import type { Engine } from '../change-set/engine.ts';
import type { AgentContract, Capability } from '../contract/contract-document.ts';
import { Refused } from '../problem.ts';
import type { BundleParts } from './bundle-parts.ts';

/** A database as a runner's configuration names it: by an alias, with the variables that hold its URLs. */
export interface BundleSource {
  readonly engine: Engine;
  readonly read_url_env: string;
  readonly write_url_env: string;
}

/**
 * The alias by which the capabilities of a contract name the source that a bundle is for, and every source that they
 * name. Throws `Refused`, where the contract says that it lies elsewhere.
 */
export function bundleSources(
  contract: AgentContract,
  bound: Pick<BundleParts, 'sourceId' | 'engine'>,
): { readonly alias: string; readonly sources: Readonly<Record<string, BundleSource>> } {
  const aliases = [...new Set(contract.capabilities.flatMap(({ source }) => source ?? []))];
  const alias = aliasOf(aliases, bound.sourceId);
  const sources: Record<string, BundleSource> = {};
  for (const name of new Set([alias, ...aliases])) {
    const isBound = name === alias;
    const engine = engineIn(contract, name, isBound ? bound.engine : undefined);
    if (isBound && engine !== bound.engine) {
      const message = `the contract writes to ${engine}, and ${bound.sourceId} is a ${bound.engine} database`;
      throw new Refused({ code: 'source_not_in_contract', message });
    }
    sources[name] = { engine, ...variablesOf(isBound ? 'DATABASE' : name) };
  }
  return { alias, sources };
}

function aliasOf(aliases: readonly string[], sourceId: string): string {
  if (aliases.includes(sourceId)) return sourceId;
  const [only, other] = aliases;
  if (other === undefined) return only ?? sourceId;
  throw new Refused({
    code: 'source_not_in_contract',
    message: `the contract names the sources ${aliases.join(', ')}, and none of them is ${sourceId}`,
    next: 'ask for the bundle of one of those',
  });
}

/** What the resources of a source's capabilities say, else what is known of it. */
function engineIn(contract: AgentContract, alias: string, known: Engine | undefined): Engine {
  const said = contract.capabilities
    .filter(({ source = alias }) => source === alias)
    .map((capability) => resourceEngine(contract, capability))
    .find((engine) => engine === 'postgres' || engine === 'mysql');
  return said ?? known ?? 'postgres';
}

function resourceEngine({ resources = [] }: AgentContract, { subject }: Capability) {
  return resources.find(({ name }) => name === subject.resource)?.engine;
}

function variablesOf(name: string): Pick<BundleSource, 'read_url_env' | 'write_url_env'> {
  const stem = `SYNAPSOR_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
  return { read_url_env: `${stem}_READ_URL`, write_url_env: `${stem}_WRITE_URL` };
}
