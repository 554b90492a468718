import { expect, test } from 'vitest';
import { bannerText } from './banner-text.ts';

const serving = {
  pid: 7,
  url: 'http://127.0.0.1:8787',
  is_behind_proxy: false,
  store: '/var/lib/countersign',
  log: '/var/log/countersign.log',
  backups: null,
  copy: null,
  stale_pid: null,
  warnings: [],
};

test('the banner names the address, the store, and that there are no copies', () => {
  expect(bannerText(serving)).toBe(`address             http://127.0.0.1:8787
store               /var/lib/countersign
backup destination  none: nothing is copied off this host
log                 /var/log/countersign.log
process             7
`);
});

test('a warning stands where nobody overlooks it', () => {
  expect(bannerText({ ...serving, warnings: ['AUTHENTICATION IS DISABLED'] })).toMatch(
    /^WARNING +AUTHENTICATION IS DISABLED$/m,
  );
});

test('it says where the store as it was lies, once its schema was changed', () => {
  expect(bannerText({ ...serving, copy: '/mnt/backups/_before-upgrades/1' })).toMatch(
    /^copied as it was +\/mnt\/backups\/_before-upgrades\/1$/m,
  );
});

test('it says what is asked of a proxy, where copies go, and who was here before', () => {
  const text = bannerText({ ...serving, is_behind_proxy: true, backups: '/mnt/backups', stale_pid: 6 });
  expect(text.replaceAll(/\s+/g, ' ')).toContain('(plain HTTP, for the proxy before it that speaks TLS)');
  expect(text).toContain('/mnt/backups');
  expect(text).toMatch(/^the PID file was left by process 6,/);
});
