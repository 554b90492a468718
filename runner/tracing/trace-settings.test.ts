import { describe, expect, test } from 'vitest';
import { traceSettings } from './trace-settings.ts';

const SHARED = 'http://collector.example:4318';
const on = (more: NodeJS.ProcessEnv = {}) => {
  const settings = traceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: SHARED, ...more });
  if (settings.kind !== 'on') throw new TypeError('there are no traces');
  return settings;
};

describe('there are no traces', () => {
  test.each<[string, NodeJS.ProcessEnv]>([
    ['where nothing asks for them', {}],
    ['where only other variables are set', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_EXPORTER: 'otlp' }],
    ['with an endpoint that is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['with the SDK disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: SHARED, OTEL_SDK_DISABLED: 'True' }],
    ['with another exporter', { OTEL_EXPORTER_OTLP_ENDPOINT: SHARED, OTEL_TRACES_EXPORTER: 'none' }],
  ])('%s', (_name, environment) => {
    expect(traceSettings(environment)).toEqual({ kind: 'off' });
  });

  test.each(['collector', 'ftp://collector', 'http://', 'collector:4317'])(
    'where the endpoint is %s, which the variable is blamed for',
    (endpoint) => {
      expect(traceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual({
        kind: 'off',
        fault: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      });
      expect(
        traceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: SHARED, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }),
      ).toEqual({ kind: 'off', fault: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' });
    },
  );
});

describe('spans go', () => {
  test.each([SHARED, `${SHARED}/`])('below the endpoint %s of all signals', (endpoint) => {
    expect(on({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).endpoint.href).toBe(`${SHARED}/v1/traces`);
  });

  test('below its path, where it has one', () => {
    expect(on({ OTEL_EXPORTER_OTLP_ENDPOINT: `${SHARED}/otlp` }).endpoint.pathname).toBe('/otlp/v1/traces');
  });

  test('exactly to the endpoint of traces', () => {
    const own = 'https://traces.example/in';
    expect(on({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own }).endpoint.href).toBe(own);
    expect(traceSettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own }).kind).toBe('on');
  });
});

describe('which traces are kept', () => {
  test.each([
    [undefined, undefined, true, 1],
    ['always_on', undefined, false, 1],
    ['always_off', undefined, false, 0],
    ['traceidratio', '0.25', false, 0.25],
    ['traceidratio', undefined, false, 1],
    ['parentbased_always_on', '0.5', true, 1],
    ['parentbased_always_off', undefined, true, 0],
    ['parentbased_traceidratio', '0', true, 0],
  ])('%s of %s', (sampler, argument, isParentBased, ratio) => {
    const named = sampler === undefined ? {} : { OTEL_TRACES_SAMPLER: sampler };
    const given = argument === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: argument };
    expect(on({ ...named, ...given })).toMatchObject({ sampling: { isParentBased, ratio }, ignored: [] });
  });
});

test('spans wait as long as is said', () => {
  expect(on().batchDelayMs).toBe(5_000);
  expect(on({ OTEL_BSP_SCHEDULE_DELAY: '50' }).batchDelayMs).toBe(50);
});

test.each<[string, NodeJS.ProcessEnv]>([
  ['OTEL_BSP_SCHEDULE_DELAY', { OTEL_BSP_SCHEDULE_DELAY: '-1' }],
  ['OTEL_TRACES_SAMPLER', { OTEL_TRACES_SAMPLER: 'jaeger_remote' }],
  ['OTEL_TRACES_SAMPLER', { OTEL_TRACES_SAMPLER: 'toString' }],
  [
    'OTEL_TRACES_SAMPLER_ARG',
    { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
  ],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
  ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' }],
])('%s that says what is not done here is told, and counts as unset', (name, more) => {
  expect(on(more)).toMatchObject({
    ignored: [name],
    sampling: { isParentBased: true, ratio: 1 },
    batchDelayMs: 5_000,
  });
});
