/** Which of the traces that begin here are kept, and whether one that began elsewhere is judged there. */
export interface Sampling {
  readonly isParentBased: boolean;
  /** The part of them, 0 to 1. */
  readonly ratio: number;
}

export type TraceSettings =
  /** No traces; with the variable that asked for them in vain, if one did. */
  | { readonly kind: 'off'; readonly fault?: string }
  | {
      readonly kind: 'on';
      /** Where spans go, path included. May hold credentials. */
      readonly endpoint: URL;
      readonly sampling: Sampling;
      /** How long a span may wait for others to be sent with, in milliseconds. */
      readonly batchDelayMs: number;
      /** Variables that say something that this runner does not do. */
      readonly ignored: readonly string[];
    };

/**
 * What OpenTelemetry's standard variables ask for. Nothing, unless they name a collector: the libraries' own default
 * would send to whatever listens on this machine.
 */
export function traceSettings(environment: NodeJS.ProcessEnv): TraceSettings {
  const value = (name: string) => environment[name]?.trim() || undefined;
  if (value('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return { kind: 'off' };
  if ((value('OTEL_TRACES_EXPORTER') ?? 'otlp') !== 'otlp') return { kind: 'off' };
  const name = [OWN_ENDPOINT, SHARED_ENDPOINT].find((each) => value(each) !== undefined);
  if (name === undefined) return { kind: 'off' };
  const endpoint = httpUrl(value(name) ?? '');
  if (endpoint === undefined) return { kind: 'off', fault: name };
  if (name === SHARED_ENDPOINT) endpoint.pathname = `${endpoint.pathname.replace(/\/$/, '')}/v1/traces`;
  const sampling = samplingOf(value(SAMPLER), value(SAMPLER_ARGUMENT));
  const delay = value(BATCH_DELAY) ?? String(USUAL_DELAY_MS);
  const ignored = [
    ...[OWN_PROTOCOL, SHARED_PROTOCOL].filter((name) => (value(name) ?? JSON_PROTOCOL) !== JSON_PROTOCOL),
    ...sampling.ignored,
    ...(DELAY.test(delay) ? [] : [BATCH_DELAY]),
  ];
  const batchDelayMs = DELAY.test(delay) ? Number(delay) : USUAL_DELAY_MS;
  return { kind: 'on', endpoint, sampling: sampling.sampling, batchDelayMs, ignored };
}

const OWN_ENDPOINT = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const SHARED_ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const OWN_PROTOCOL = 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
const SHARED_PROTOCOL = 'OTEL_EXPORTER_OTLP_PROTOCOL';
const SAMPLER = 'OTEL_TRACES_SAMPLER';
const SAMPLER_ARGUMENT = 'OTEL_TRACES_SAMPLER_ARG';
const BATCH_DELAY = 'OTEL_BSP_SCHEDULE_DELAY';
/** The standard's own. */
const USUAL_DELAY_MS = 5_000;
const DELAY = /^\d{1,6}$/;
/** The one that is spoken; every collector's HTTP receiver takes it. */
const JSON_PROTOCOL = 'http/json';

function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** The standard's samplers, as the part of traces that they keep; `argument` is a part that a variable gives. */
const samplers: Readonly<Record<string, 'argument' | number>> = {
  always_on: 1,
  always_off: 0,
  traceidratio: 'argument',
};
const PARENT_BASED = 'parentbased_';

/** As the standard wants it, a value that is not known counts as unset. */
function samplingOf(
  named = `${PARENT_BASED}always_on`,
  argument = '1',
): { readonly sampling: Sampling; readonly ignored: readonly string[] } {
  const isParentBased = named.startsWith(PARENT_BASED);
  const name = isParentBased ? named.slice(PARENT_BASED.length) : named;
  const kept = Object.hasOwn(samplers, name) ? samplers[name] : undefined;
  if (kept === undefined) return { sampling: { isParentBased: true, ratio: 1 }, ignored: [SAMPLER] };
  if (kept !== 'argument') return { sampling: { isParentBased, ratio: kept }, ignored: [] };
  const ratio = Number(argument);
  if (ratio >= 0 && ratio <= 1) return { sampling: { isParentBased, ratio }, ignored: [] };
  return { sampling: { isParentBased, ratio: 1 }, ignored: [SAMPLER_ARGUMENT] };
}
