/** What can be asked about runners by others than themselves, in a turn. */
export type RunnerAsk =
  | {
      readonly type: 'drain-runner';
      readonly runnerId: string;
      readonly reason: string | null;
      readonly isUndo: boolean;
    }
  | { readonly type: 'archive-runner'; readonly runnerId: string; readonly reason: string | null };

export type RunnerLook =
  | {
      readonly type: 'list-runners';
      readonly limit: number;
      readonly cursor: string | null;
      /** By id where nothing is said. */
      readonly order?: 'newest';
    }
  | { readonly type: 'read-runner'; readonly runnerId: string }
  | { readonly type: 'ping-runner'; readonly runnerId: string };
