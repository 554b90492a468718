/** What can be asked about origins whose pages may read answers, in a turn. */
export type CorsAsk = { readonly type: 'allow-origin' | 'deny-origin'; readonly origin: string };

export type CorsLook = { readonly type: 'list-origins' };
