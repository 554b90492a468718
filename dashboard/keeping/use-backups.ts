import type { Backups } from '@countersign/client/backups-api';
import { useQuery } from '@tanstack/react-query';
import { useProjectApis } from '../plane/project-apis.ts';

const LOOKED_AGAIN_WHILE_GOING_MS = 2_000;
const LOOKED_AGAIN_MS = 10_000;

export function backupsKey(projectId: string) {
  return [projectId, 'backups'] as const;
}

/** The copies of a record; also of a project that is closed, for its owner. */
export function useBackups(projectId: string, isWatched: boolean) {
  const { backups } = useProjectApis(projectId);
  return useQuery({
    queryKey: backupsKey(projectId),
    queryFn: ({ signal }) => backups.list({ signal }),
    refetchInterval: ({ state }) =>
      isWatched || isGoing(state.data) ? LOOKED_AGAIN_WHILE_GOING_MS : LOOKED_AGAIN_MS,
  });
}

function isGoing(data: Backups | undefined): boolean {
  return data?.work.some(({ state }) => state === 'going') === true;
}
