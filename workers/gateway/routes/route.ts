import type { HeldClaim } from '@countersign/durable-objects/tenant/hold';
import type { Ask, AskType, Caller, Look } from '@countersign/durable-objects/tenant/turn/command';
import { parseOrRefuse } from '@countersign/protocol/validation';
import * as z from 'zod';
import type { AskBackups } from '../asker.ts';
import type { Secret, SecretKind } from '../auth/mint-secret.ts';

/** What a route's `ask` gets: everything in it has passed its schema. */
interface Input<Body, Query> {
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
  /** The W3C traceparent of the request, where it has a valid one. */
  readonly traceparent: string | undefined;
  readonly caller: Caller;
  /** New, where the route makes one. */
  readonly secret?: Secret | undefined;
}

/** What a request brings before its route has judged it. */
interface Raw extends Omit<Input<unknown, unknown>, 'secret'> {
  mint(kind: SecretKind): Secret;
}

/**
 * An answer that is not made at once: a claim is held until there is a job, a reading until something has changed, an
 * export is made while it is read, a runner's bundle is packed, and a doctor looks at more than the tenant.
 */
export type Holding =
  | { readonly kind: 'claim'; readonly claim: HeldClaim }
  | {
      readonly kind: 'change';
      readonly id: string;
      readonly seconds: number;
      readonly after: number | undefined;
    }
  | { readonly kind: 'export'; readonly proposalId: string | null }
  | { readonly kind: 'part'; readonly exportId: string }
  | { readonly kind: 'bundle'; readonly sourceId: string }
  /** Asked of the provisioner, once the tenant has said that the caller may. */
  | { readonly kind: 'backups'; readonly status: 200 | 202; readonly ask: AskBackups }
  | { readonly kind: 'backup-file'; readonly snapshotId: string; readonly file: string }
  | { readonly kind: 'doctor' };

/** What a person may be told of themselves without a project: existing clients ask so (PROTOCOL 2.3). */
export type Alone = 'session' | 'status' | 'projects' | 'accounts';

interface Definition<Body, Query> {
  readonly method: 'GET' | 'POST';
  /** In hono's form: `/v1/proposals/:proposal_id`. */
  readonly path: string;
  readonly summary: string;
  /** The name of what is asked, known before anything is parsed. */
  readonly asks: AskType;
  /** Where that depends on the body: what is asked with this one. */
  asksFor?(body: unknown): AskType;
  /** What a person is answered who names no project; where nothing stands here, that they must name one. */
  readonly alone?: Alone;
  /** What it makes that its answer shows once. */
  readonly secret?: SecretKind;
  readonly body: z.ZodType<Body>;
  readonly query: z.ZodType<Query>;
  ask(input: Input<Body, Query>): Ask | Look;
  hold?(input: Input<Body, Query>): Holding | undefined;
}

/** What a well-formed request asks for. */
export interface Accepted {
  readonly ask: Ask | Look;
  readonly holding: Holding | undefined;
  readonly secret: Secret | undefined;
}

/**
 * One thing that can be asked over HTTP. Routes are data: the app is built from them, and so are the OpenAPI
 * document and the table of who may do what.
 */
export interface Route
  extends Pick<Definition<unknown, unknown>, 'method' | 'path' | 'summary' | 'asks' | 'asksFor' | 'alone'> {
  readonly bodySchema: z.ZodType;
  readonly querySchema: z.ZodType;
  /** Throws `Refused` for what does not pass the schemas. */
  accept(input: Raw): Accepted;
}

export function route<Body, Query>(definition: Definition<Body, Query>): Route {
  const { method, path, summary, asks, asksFor, alone, secret: kind, body, query } = definition;
  return {
    method,
    path,
    summary,
    asks,
    ...(asksFor === undefined ? {} : { asksFor }),
    ...(alone === undefined ? {} : { alone }),
    bodySchema: body,
    querySchema: query,
    accept: (input) => {
      const parsed = {
        params: input.params,
        body: parseOrRefuse(body, input.body),
        query: parseOrRefuse(query, input.query),
        traceparent: input.traceparent,
        caller: input.caller,
      };
      const secret = kind === undefined ? undefined : input.mint(kind);
      const whole = { ...parsed, secret };
      return { ask: definition.ask(whole), holding: definition.hold?.(whole), secret };
    },
  };
}

/** A GET has no body. */
export const noBody = z.undefined();

/** The secret of a route that makes one: what the tenant is told of it. */
export function minted(secret: Secret | undefined): Pick<Secret, 'id' | 'digest' | 'macKey'> {
  if (secret === undefined) throw new TypeError('the route makes no secret');
  const { digest, id, macKey } = secret;
  return { id, digest, ...(macKey === undefined ? {} : { macKey }) };
}

/** A parameter that the route's path is sure to have. */
export function param(params: Readonly<Record<string, string>>, name: string): string {
  const value = params[name];
  if (value === undefined) throw new TypeError(`the route has no parameter ${name}`);
  return value;
}
