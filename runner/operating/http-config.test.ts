import { expect, test } from 'vitest';
import { parseConfig } from '../config/load-config.ts';
import { sampleConfig } from '../verify/sample-job.ts';

const withHttp = (http: unknown) => parseConfig(JSON.stringify({ ...sampleConfig, http }));

test('there is no server unless there is a section, and then it is for this machine only', () => {
  expect(parseConfig(JSON.stringify(sampleConfig)).http).toBeUndefined();
  expect(withHttp({ port: 9464 }).http).toEqual({ host: '127.0.0.1', port: 9464 });
});

test.each(['0.0.0.0', '10.1.2.3', '::', '::1', 'localhost'])('another address is named: %s', (host) => {
  expect(withHttp({ host, port: 0 }).http).toEqual({ host, port: 0 });
});

test.each<[object, string]>([
  [{}, '$.http.port'],
  [{ port: 65_536 }, '$.http.port'],
  [{ port: '9464' }, '$.http.port'],
  [{ port: 9464, host: '' }, '$.http.host: must be an IP address of this machine, or localhost'],
  [
    { port: 9464, host: 'runner.example' },
    '$.http.host: must be an IP address of this machine, or localhost',
  ],
  [{ port: 9464, path: '/metrics' }, '$.http.path: this field is not known'],
])('%o is refused', (http, fault) => {
  expect(() => withHttp(http)).toThrow(fault);
});
