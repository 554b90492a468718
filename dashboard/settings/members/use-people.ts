import { invitationSchema, mappingSchema, memberSchema } from '@countersign/client/people-views';
import { useQuery } from '@tanstack/react-query';
import { usePages } from '../../forms/use-pages.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';

export function peopleKey(projectId: string) {
  return [projectId, 'people'] as const;
}

export function useMembers() {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  return usePages([...peopleKey(projectId), 'members'], async (page, signal) => {
    const { members, next_cursor } = await people.members(page, { signal });
    return { rows: members.map((member) => memberSchema.parse(member)), next: next_cursor };
  });
}

export function useInvitations() {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  return usePages([...peopleKey(projectId), 'invitations'], async (page, signal) => {
    const { invitations, next_cursor } = await people.invitations(page, { signal });
    return { rows: invitations.map((one) => invitationSchema.parse(one)), next: next_cursor };
  });
}

export function useMappings() {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  return useQuery({
    queryKey: [...peopleKey(projectId), 'claims'],
    queryFn: async ({ signal }) => {
      const { mappings } = await people.claims({ signal });
      return mappings.map((mapping) => mappingSchema.parse(mapping));
    },
  });
}
