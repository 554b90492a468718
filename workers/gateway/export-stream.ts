import { faultFields } from '@countersign/protocol/log/fault-fields';
import { log } from '@countersign/protocol/log/log';
import type { LogFields } from '@countersign/protocol/log/log-line';
import { Refused } from '@countersign/protocol/problem';

type About = Pick<LogFields, 'tenant' | 'request_id'>;

/** Texts as a body. A fault in the middle breaks it off. */
export function streamOf(texts: AsyncGenerator<string>, about: About): ReadableStream<Uint8Array> {
  /** The client sees that the answer broke off; why stands in the log. */
  const broken = (fault: unknown): never => {
    const code = fault instanceof Refused ? { code: fault.refusal.code } : faultFields(fault);
    log('export.broken', { ...about, ...code });
    throw fault;
  };
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await texts.next().catch(broken);
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
