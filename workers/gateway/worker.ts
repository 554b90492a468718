import { createApp } from './app.ts';

export { TenantObject } from '@countersign/durable-objects/tenant/tenant-object';

export default createApp();
