import { type BackupsApi, createBackupsApi } from '@countersign/client/backups-api';
import { createCallApi } from '@countersign/client/call-api';
import { type CorsApi, createCorsApi } from '@countersign/client/cors-api';
import { type CredentialsApi, createCredentialsApi } from '@countersign/client/credentials-api';
import { createEngineApi, type EngineApi } from '@countersign/client/engine-api';
import { createFleetApi, type FleetApi } from '@countersign/client/fleet-api';
import { createPeopleApi, type PeopleApi } from '@countersign/client/people-api';
import { createProjectApi, type ProjectApi } from '@countersign/client/project-api';
import { createSessionApi, type SessionApi } from '@countersign/client/session-api';
import { useMemo } from 'react';
import { connectionTo } from './plane.ts';

/** What is asked of a project apart from its work; also of one that is closed, of which nobody can say who is who. */
export interface ProjectApis {
  readonly people: PeopleApi;
  readonly credentials: CredentialsApi;
  readonly cors: CorsApi;
  readonly backups: BackupsApi;
  readonly fleet: FleetApi;
  readonly project: ProjectApi;
  readonly login: SessionApi;
  readonly engine: EngineApi;
}

export function useProjectApis(projectId: string): ProjectApis {
  return useMemo(() => {
    const connection = connectionTo(projectId);
    const calls = createCallApi(connection);
    return {
      people: createPeopleApi(calls),
      credentials: createCredentialsApi(calls, projectId),
      cors: createCorsApi(calls),
      backups: createBackupsApi(calls, connection),
      fleet: createFleetApi(calls),
      project: createProjectApi(calls),
      login: createSessionApi(calls),
      engine: createEngineApi(connection),
    };
  }, [projectId]);
}
