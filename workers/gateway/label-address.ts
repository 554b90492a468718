import { Refused } from '@countersign/protocol/problem';
import { labelSchema } from '@countersign/protocol/provisioning/label';
import { projectOfLabel } from './directory.ts';
import type { GatewayEnv } from './settings.ts';

/** A request to the address of one project, and what it asks there. */
export interface Labelled {
  readonly label: string;
  /** The same request at the installation's own address, without a project in it. */
  readonly url: URL;
}

const IN_PATH = /^\/t\/([a-z0-9-]{1,63})(\/.*)$/;

/** `/t/<label>/...`, and `https://<label>.<domain>/...` where the installation has a domain. */
export function labelIn(address: string, domain: string | undefined): Labelled | undefined {
  const url = new URL(address);
  const found = IN_PATH.exec(url.pathname);
  if (found !== null) {
    url.pathname = found[2] ?? '/';
    return { label: found[1] ?? '', url };
  }
  const suffix = `.${domain}`;
  if (domain === undefined || domain === '' || !url.hostname.endsWith(suffix)) return undefined;
  const label = url.hostname.slice(0, -suffix.length);
  // `api.` and the like, which nobody can have, are the installation's own.
  if (!labelSchema.safeParse(label).success) return undefined;
  url.hostname = domain;
  return { label, url };
}

/** No project has such an id: who asks for a label that nobody has is answered like one who asks for a foreign project. */
const NO_PROJECT = 'prj_none';

/** The same request, about the project of the label. Throws `Refused` where it names another one besides. */
export async function atProject(
  env: GatewayEnv,
  request: Request,
  { label, url }: Labelled,
): Promise<Request> {
  const project = (await projectOfLabel(env.DB, label)) ?? NO_PROJECT;
  if (url.searchParams.getAll('project_id').some((named) => named !== project)) {
    throw new Refused({
      code: 'wrong_project',
      message: 'the address and the request name two different projects',
    });
  }
  url.searchParams.set('project_id', project);
  return new Request(url, request);
}
