import { SOURCE } from '../support/change-set.ts';
import type { DeployedPlane } from '../support/plane.ts';
import { caller } from './caller.ts';
import type { Stand } from './stand.ts';

/** Of the installation: clients reach each project under a name of its own. */
export const DOMAIN = 'plane.example.com';

/** A new project on a plane that runs here, with what has to be there before the clients begin. */
export async function newStand(plane: DeployedPlane): Promise<Stand> {
  const { olivia, project } = await plane.unheardTenant();
  const label = project.replaceAll('_', '-');
  await plane.query('UPDATE tenants SET label = ?2 WHERE tenant = ?1', project, label);
  const address = { port: Number(new URL(plane.origin).port), host: `${label}.${DOMAIN}` };
  const signInAgain = async () => {
    const token = await plane.issuers.get('members').sign('olivia', { claims: { jti: 'a second time' } });
    return caller(address, token, 'human');
  };
  return {
    origin: plane.origin,
    project,
    source: SOURCE,
    human: caller(address, olivia.token, 'human'),
    nobody: caller(address),
    signInAgain,
    enterCode: (userCode, decision) => plane.issuers.get('members').devices.enter(userCode, decision),
    bearing: (token, kind) => caller(address, token, kind),
  };
}
