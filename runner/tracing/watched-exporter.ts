import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { faultFields, type Log, type LogFields } from '../log.ts';

type Spans = Parameters<SpanExporter['export']>[0];
type Answer = Parameters<SpanExporter['export']>[1];

const SUCCEEDED = 0;

/** Says once when a collector does not take spans, and once when it does again. They are lost: nothing waits for them. */
export class WatchedExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #log: Log;
  readonly #collector: string;
  #isAway = false;

  /** @param collector its host and port, for the log */
  constructor(exporter: SpanExporter, log: Log, collector: string) {
    this.#exporter = exporter;
    this.#log = log;
    this.#collector = collector;
  }

  export(spans: Spans, answer: Answer): void {
    this.#exporter.export(spans, (result) => {
      if (result.code === SUCCEEDED) this.#isBack();
      else this.isAway(fieldsOf(result.error));
      answer(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  isAway(fields: LogFields): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#log('warn', 'traces_not_taken', { collector: this.#collector, ...fields });
  }

  #isBack(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#log('info', 'traces_taken', { collector: this.#collector });
  }
}

/** A name and a code, or the status of an answer; never a message, which may quote what was sent. */
function fieldsOf(fault: unknown): LogFields {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  return { ...faultFields(fault), ...(typeof code === 'number' ? { status: code } : {}) };
}
