import { sourceSchema } from '@countersign/client/source-view';
import { usePages } from '../../forms/use-pages.ts';
import { useProjectApis } from '../../plane/project-apis.ts';

/** The databases that the project knows by id. */
export function useSources(projectId: string) {
  const { project } = useProjectApis(projectId);
  return usePages([projectId, 'sources'], async (page, signal) => {
    const { next_cursor, sources } = await project.sources(page, { signal });
    return { rows: sources.map((source) => sourceSchema.parse(source)), next: next_cursor };
  });
}
