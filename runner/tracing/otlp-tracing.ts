import { pause } from '@countersign/client/pause';
import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from '../log.ts';
import type { VerifiedClaim } from '../verify/verify-claim.ts';
import type { VerifyScope } from '../verify/verify-job.ts';
import { runnerVersion } from '../version.ts';
import type { JobTrace, Tracing } from './job-trace.ts';
import { SpanTrace } from './span-trace.ts';
import type { Sampling, TraceSettings } from './trace-settings.ts';
import { WatchedExporter } from './watched-exporter.ts';

/** How long the end of the runner waits for a collector. */
const FLUSH_MS = 2_000;

type On = Extract<TraceSettings, { readonly kind: 'on' }>;

/** Traces in batches to an OTLP collector. Headers, timeouts and certificates are what the libraries' variables say. */
export class OtlpTracing implements Tracing {
  readonly #provider: TracerProvider;
  readonly #exporter: WatchedExporter;
  readonly #tracer: Tracer;

  constructor({ batchDelayMs, endpoint, sampling }: On, runnerId: string, log: Log) {
    const userAgent = `countersign-runner/${runnerVersion}`;
    const exporter = new OTLPTraceExporter({ url: endpoint.href, userAgent });
    this.#exporter = new WatchedExporter(exporter, log, endpoint.host);
    this.#provider = new TracerProvider({
      resource: resourceOf(runnerId),
      sampler: samplerOf(sampling),
      spanProcessors: [
        new BatchSpanProcessor({ exporter: this.#exporter, scheduledDelayMillis: batchDelayMs }),
      ],
    });
    this.#tracer = this.#provider.getTracer('countersign-runner', runnerVersion);
  }

  begin(scope: VerifyScope, claim: VerifiedClaim, claimed: unknown): JobTrace {
    return new SpanTrace(this.#tracer, scope, claim, claimed);
  }

  async close(giveUp: AbortSignal): Promise<void> {
    const flushed = new AbortController();
    // What the collector does not take has been logged where it was sent.
    const sent = this.#provider.shutdown().then(
      () => flushed.abort(),
      () => flushed.abort(),
    );
    await Promise.race([sent, pause(FLUSH_MS, AbortSignal.any([giveUp, flushed.signal]))]);
    if (!flushed.signal.aborted) this.#exporter.isAway({ code: 'no_answer_in_time' });
  }
}

/** What the variables say of this process comes before what it says itself. */
function resourceOf(runnerId: string) {
  const own = resourceFromAttributes({
    'service.name': 'countersign-runner',
    'service.version': runnerVersion,
    'service.instance.id': runnerId,
  });
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector];
  return defaultResource().merge(own).merge(detectResources({ detectors }));
}

function samplerOf({ isParentBased, ratio }: Sampling): Sampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}
