import type { DoctorFinding } from '@countersign/protocol/doctor-report';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { doctorExit, doctorText } from '../doctor/doctor-text.ts';
import { examinePlane } from '../doctor/examine-plane.ts';
import { openPlane } from '../plane.ts';
import { configOption, localConfig, USUAL_CONFIG } from '../serving/config-option.ts';
import { openServe } from '../serving/open-serve.ts';
import { givenBy } from '../serving/serve-answer.ts';

const doctor = command({
  name: 'doctor',
  summary: 'what is wrong with the control plane, and what to do',
  text: `Looks at the way to the control plane, the credential and the clocks, and asks the control plane for its own side:
bindings, migrations, issuers, room. That side is for owners, admins and operators. It changes nothing.

With --config, or in a folder with a ${USUAL_CONFIG} and no other control plane named, it is about the plane that
\`countersign serve\` runs on this machine. Ends with 3 where something is wrong, and with 5 where all that is wrong is that
something does not answer.`,
  options: configOption,
  example: 'countersign doctor --json',
  run: async (context, { config }) => {
    const local = config ?? localConfig(context);
    const findings = local === undefined ? await examined(context) : await examinedHere(local, context);
    const code = doctorExit(findings);
    context.answer({ ok: code === 0, findings }, doctorText(findings));
    return code;
  },
});

async function examined(context: Context): Promise<readonly DoctorFinding[]> {
  return examinePlane(await openPlane(context), context.world);
}

async function examinedHere(config: string, { world }: Context): Promise<readonly DoctorFinding[]> {
  const { serveDoctor } = await openServe();
  return givenBy(await serveDoctor(config, world));
}

export const doctorCommands = [doctor];
