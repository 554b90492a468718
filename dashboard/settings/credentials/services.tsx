import { type ServiceView, serviceViewSchema } from '@countersign/client/credential-views';
import type { IssuedService } from '@countersign/client/credentials-api';
import type { Secret } from '../../forms/secret-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Names } from '../names.tsx';
import { CredentialList } from './credential-list.tsx';
import { ServiceDialog } from './service-dialog.tsx';

/** What other programs of yours come with. */
export function Services() {
  const { projectId } = usePlane();
  const { credentials } = useProjectApis(projectId);
  return (
    <CredentialList<ServiceView>
      kind={{
        name: 'services',
        title: 'Service accounts',
        about:
          'A service account has the scopes chosen when it was made, and never more. None of them decides.',
        noun: 'service account',
        empty: 'No program comes with an API key. One is for CI, a monitor, or an export.',
        columns: [
          { title: 'Scopes', of: ({ scopes }) => <Names names={scopes} none="none" /> },
          { title: 'Sources', of: ({ source_ids }) => <Names names={source_ids} none="none" /> },
        ],
        idOf: ({ key_id }) => key_id,
        read: async (page, signal) => {
          const { api_keys, next_cursor } = await credentials.services(page, { signal });
          return { rows: api_keys.map((one) => serviceViewSchema.parse(one)), next: next_cursor };
        },
        rotate: async (id, overlap, options) =>
          secretOf(await credentials.rotateService(id, overlap, options)),
        revoke: (id, reason, options) => credentials.revokeService(id, reason, options),
        createDialog: (onDone, onClose) => (
          <ServiceDialog onDone={(made) => onDone(secretOf(made))} onClose={onClose} />
        ),
      }}
    />
  );
}

function secretOf(issued: IssuedService): Secret {
  return {
    title: 'The API key',
    about: `Service account ${issued.api_key.key_id}`,
    value: issued.secret_available ? issued.token : undefined,
    next: 'A program sends it as its bearer token. If it is lost, rotate it.',
  };
}
