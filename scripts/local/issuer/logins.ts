import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalFault } from '../local-fault.ts';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';
import { PEOPLE, type Person } from './people.ts';

/** Letters and digits that cannot be mistaken for one another when they are read off a console. */
const PASSWORD_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const PASSWORD_GROUPS = 3;
const PASSWORD_GROUP_LENGTH = 4;

const passwordsSchema = z.record(z.string(), z.string().min(1));

/** A person and the password that opens the local sign-in page for them. */
export type Login = Person & { password: string };

/**
 * Everybody's login. The passwords are made at the first start and kept in the state folder, in the clear:
 * they are printed on the console anyway, and open nothing but this machine's local stack. They are not
 * constants in the source, since anybody on the machine can reach the sign-in page.
 *
 * @throws LocalFault `logins_invalid`
 */
export async function loadLogins(stateFolder: string): Promise<Login[]> {
  const path = join(stateFolder, 'logins.json');
  const stored = parsePasswords(await readPrivateFile(path), path);
  const logins = PEOPLE.map((person) => ({ ...person, password: stored[person.sub] ?? newPassword() }));
  if (logins.some((login) => stored[login.sub] === undefined)) {
    const passwords = Object.fromEntries(logins.map((login) => [login.sub, login.password]));
    await writePrivateFile(path, `${JSON.stringify(passwords, null, 2)}\n`);
  }
  return logins;
}

/** The login that email and password open, or null. */
export function checkLogin(logins: readonly Login[], email: string, password: string): Login | null {
  const wanted = email.trim().toLowerCase();
  const login = logins.find((candidate) => candidate.email === wanted);
  if (!login) return null;
  return timingSafeEqual(digest(password), digest(login.password)) ? login : null;
}

function parsePasswords(text: string | null, path: string): Record<string, string> {
  if (text === null) return {};
  try {
    return passwordsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LocalFault(`${path} cannot be read: remove it to get new passwords.`, {
      code: 'logins_invalid',
      cause,
    });
  }
}

function newPassword(): string {
  const group = () =>
    Array.from({ length: PASSWORD_GROUP_LENGTH }, () =>
      PASSWORD_ALPHABET.charAt(randomInt(PASSWORD_ALPHABET.length)),
    ).join('');
  return Array.from({ length: PASSWORD_GROUPS }, group).join('-');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
