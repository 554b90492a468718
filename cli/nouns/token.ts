import { command } from '../command/command.ts';
import { exitCodes } from '../exit-codes.ts';
import { saveToken, tokenPlaceOf } from '../signing-in/saved-token.ts';
import { typedSecret } from '../signing-in/typed-secret.ts';

const save = command({
  name: 'token save',
  summary: 'keep a token in a profile, for each command to send',
  text: `Asks for the token without showing it, or reads it from the standard input, or from --token-file FILE; it is never
an argument. It is kept in the profile, in a file that only you can read, and goes to the control plane of that
profile and to no other. Each tool is best given a service account and a profile of its own.`,
  example: 'countersign token save --url https://plane.example --profile ci < ci.token',
  run: async (context) => {
    const { common, world } = context;
    const place = await tokenPlaceOf(context);
    const token = await typedSecret(world, common['token-file'], 'Token: ');
    await saveToken(place, token);
    const { name, url } = place;
    context.answer(
      { ok: true, profile: name, url },
      `the token is kept in profile ${name}, and goes to ${url} alone\n`,
    );
    return exitCodes.ok;
  },
});

export const tokenCommands = [save];
