import { ServiceFault } from '../executors/service-fault.ts';
import { serviceFaultOfStatus } from '../executors/service-outcome.ts';

/** One word is all that is wanted of the answer: the rest repeats what was signed, and needs no parser. */
const CODE = /<Code>([A-Za-z]{1,64})<\/Code>/;

/** What a store means that says no. The code is the store's own word, such as `NoSuchBucket`. */
export async function storeRefusal(answer: Response): Promise<ServiceFault> {
  const word = CODE.exec(await answer.text())?.[1];
  // A body that came too slowly, which S3 answers with 400.
  if (word === 'RequestTimeout') return new ServiceFault('artifact store', { outcome: 'retry', code: word });
  return serviceFaultOfStatus('artifact store', answer, word);
}
