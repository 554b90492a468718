/** An origin is put on the list, or taken off it. */
export type CorsEvent = {
  readonly type: 'cors.allowed' | 'cors.denied';
  readonly body: { readonly origin: string; readonly name: string };
};
