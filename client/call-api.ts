import * as z from 'zod';
import { type CallOptions, type Connection, call, type WriteOptions } from './http.ts';

/** Views of the record are handed on as they came; a caller that needs more of one parses it. */
export const viewSchema = z.looseObject({});
export type View = z.infer<typeof viewSchema>;

export interface Page {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export const nextCursor = { next_cursor: z.string().nullish() };

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The two calls of which the APIs by noun are made. */
export interface CallApi {
  get<Answer extends z.ZodType>(
    path: string,
    answer: Answer,
    options?: CallOptions,
    query?: Query,
  ): Promise<z.infer<Answer>>;
  post<Answer extends z.ZodType>(
    path: string,
    body: object,
    answer: Answer,
    options?: WriteOptions,
  ): Promise<z.infer<Answer>>;
}

export function createCallApi(connection: Connection): CallApi {
  return {
    get: (path, answer, options, query = {}) =>
      call(connection, { method: 'GET', path, query, answer, ...options }),
    post: (path, body, answer, options) =>
      call(connection, { method: 'POST', path, body, answer, ...options }),
  };
}

/** A path of which the parts that are not known beforehand are made harmless. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((text, part, place) => text + encodeURIComponent(values[place - 1] ?? '') + part);
}
