import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLogin, loadLogins } from './logins.ts';
import { PEOPLE } from './people.ts';

let stateFolder: string;

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'countersign-logins-'));
});

afterEach(() => rm(stateFolder, { recursive: true }));

test('everybody has a password of their own, and keeps it', async () => {
  const logins = await loadLogins(stateFolder);
  expect(logins.map((login) => login.sub)).toEqual(PEOPLE.map((person) => person.sub));
  expect(new Set(logins.map((login) => login.password)).size).toBe(PEOPLE.length);
  for (const { password } of logins) expect(password).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
  expect(await loadLogins(stateFolder)).toEqual(logins);
});

test('somebody who is new gets a password, the others keep theirs', async () => {
  const path = join(stateFolder, 'logins.json');
  await writeFile(path, JSON.stringify({ 'olivia@acme.example': 'kept' }));
  const logins = await loadLogins(stateFolder);
  expect(logins.find(({ sub }) => sub === 'olivia@acme.example')?.password).toBe('kept');
  expect(Object.keys(JSON.parse(await readFile(path, 'utf8')))).toHaveLength(PEOPLE.length);
});

test('a file that is broken is refused', async () => {
  await writeFile(join(stateFolder, 'logins.json'), '{');
  await expect(loadLogins(stateFolder)).rejects.toMatchObject({ code: 'logins_invalid' });
});

test('only the whole password of the right person opens a login', async () => {
  const logins = await loadLogins(stateFolder);
  const [olivia, ada] = logins;
  if (!olivia || !ada) throw new Error('people are missing');
  expect(checkLogin(logins, ` ${olivia.email.toUpperCase()}`, olivia.password)?.sub).toBe(olivia.sub);
  expect(checkLogin(logins, olivia.email, ada.password)).toBeNull();
  expect(checkLogin(logins, olivia.email, '')).toBeNull();
  expect(checkLogin(logins, olivia.email, olivia.password.slice(0, -1))).toBeNull();
  expect(checkLogin(logins, 'nobody@acme.example', olivia.password)).toBeNull();
});
