import { createBootstrapApi, type FirstService } from '@countersign/client/bootstrap-api';
import { createCallApi } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { handOver, saveOption } from '../command/secret.ts';
import { writeOptions } from '../command/writing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import { saveToken, type TokenPlace, tokenPlaceOf } from '../signing-in/saved-token.ts';
import { typedSecret } from '../signing-in/typed-secret.ts';
import { cliVersion } from '../version.ts';

const bootstrap = command({
  name: 'bootstrap',
  summary: 'the first run: the first service account, once',
  text: `Exchanges the token that the control plane was started with (COUNTERSIGN_BOOTSTRAP_TOKEN) for the first service
account of a project. That works once; afterwards the bootstrap token opens nothing. It is taken from the environment
variable of the same name, from --bootstrap-token-file, or asked for without being shown.

What comes is kept in the profile and sent by every command, or written to --save FILE. Until the project has an
owner the account can invite people and issue credentials: invite the first owner with \`invitations create\`.

With --insecure-localhost it asks a plane of this machine that asks nobody who they are, and needs no token.`,
  options: {
    name: { type: 'string', value: 'NAME', help: 'which tool it is for; usual: first-run' },
    'bootstrap-token-file': { type: 'string', value: 'FILE', help: 'take it from FILE, or from stdin: -' },
    'insecure-localhost': { type: 'boolean', help: 'from a plane started with that option' },
    ...saveOption,
  },
  example: 'countersign bootstrap --url https://plane.example --project prj_acme',
  run: async (context, values) => {
    const place = await tokenPlaceOf(context);
    const { name, save } = values;
    // Looked at first: what could not be kept afterwards would be lost.
    if (save === undefined && place.before?.tokens !== undefined) throw signedInAlready(place.name);
    const ask =
      values['insecure-localhost'] === true
        ? () => connected(context, place).localService({ name }, writeOptions(context))
        : await exchanging(context, place, values);
    if (save !== undefined) return handOver(context, save, async () => issuedOf(await ask()));
    return keep(context, place, await ask());
  },
});

interface Wanted {
  readonly name: string | undefined;
  readonly 'bootstrap-token-file': string | undefined;
}

async function exchanging(context: Context, place: TokenPlace, values: Wanted) {
  const { name, 'bootstrap-token-file': file } = values;
  const { world } = context;
  const given = file === undefined ? world.environment.COUNTERSIGN_BOOTSTRAP_TOKEN || undefined : undefined;
  const token = given ?? (await typedSecret(world, file, 'Bootstrap token: '));
  return () => connected(context, place, token).exchange({ name }, writeOptions(context));
}

function connected({ world }: Context, { projectId, url }: TokenPlace, token?: string) {
  return createBootstrapApi(
    createCallApi({
      url,
      projectId,
      userAgent: `countersign/${cliVersion}`,
      retries: { most: 2, pause: world.pause },
      ...(token === undefined ? {} : { token: () => token }),
    }),
  );
}

const LOST =
  'an owner revokes it and issues another; where there is no owner, on the host: npm run unlock -- --bootstrap';

function issuedOf(answer: FirstService) {
  const { token: _, ...shown } = answer;
  return {
    answer,
    shown,
    secret: answer.secret_available ? answer.token : undefined,
    about: `service ${answer.api_key.key_id}`,
    next: LOST,
  };
}

async function keep(context: Context, place: TokenPlace, answer: FirstService): Promise<ExitCode> {
  const { about, secret, shown } = issuedOf(answer);
  if (secret === undefined) {
    throw new CliFault(`${about} was made by this request before; its token was shown once, then`, {
      code: exitCodes.conflict,
      next: LOST,
    });
  }
  const { project_id: projectId } = answer.api_key;
  try {
    await saveToken({ ...place, projectId }, secret);
  } catch (fault) {
    context.say('the token cannot be kept in the profile, so it stands on stdout, once\n');
    context.world.print(`${secret}\n`);
    throw fault;
  }
  context.answer(
    { ...shown, profile: place.name },
    `${printable(about)} of ${printable(projectId)}; its token is kept in profile ${place.name}\n`,
  );
  return exitCodes.ok;
}

function signedInAlready(name: string): CliFault {
  return new CliFault(`profile ${name} has a login already`, {
    code: exitCodes.refused,
    next: 'name another with --profile NAME, or a file with --save FILE',
  });
}

export const bootstrapCommands = [bootstrap];
