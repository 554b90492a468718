/** Paths of the project that tests ask about. */
export const P = '/v1/control/projects/prj_1';

/** The command, the route that it asks, its body, what is answered, and what of that is printed. */
export interface Asking {
  readonly args: readonly string[];
  readonly route: string;
  /** Empty for what is about no project. */
  readonly query?: string;
  readonly body?: object;
  readonly answer: object;
  readonly prints: string;
}
