import { WorkerEntrypoint } from 'cloudflare:workers';
import type {
  Owner,
  Progress,
  ProgressQuery,
  Provision,
  ProvisionerApi,
  Told,
} from '@countersign/protocol/provisioning/provisioning-requests';
import type { ProvisionerEnv } from './settings.ts';

export { SagaObject } from './saga/saga-object.ts';

/** Reached by the gateway's service binding alone, which has made sure who asks: it has no route, and no fetch. */
export default class Provisioner extends WorkerEntrypoint<ProvisionerEnv> implements ProvisionerApi {
  begin(owner: Owner, wish: Provision): Promise<Told<Progress>> {
    return this.env.SAGA.getByName(wish.label).begin(owner, wish);
  }

  look(owner: Owner, label: string, query: ProgressQuery): Promise<Told<Progress>> {
    return this.env.SAGA.getByName(label).look(owner, query);
  }
}
