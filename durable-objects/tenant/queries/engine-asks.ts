/** How the tenant's own engine is. */
export type EngineLook =
  | { readonly type: 'engine-health'; readonly hasDetails: boolean }
  | { readonly type: 'engine-history' }
  | { readonly type: 'expression-stats' }
  | { readonly type: 'engine-doctor' };
