import { expect, test } from 'vitest';
import { originSchema } from './origin.ts';

test.each([
  'https://app.example.com',
  'https://app.example.com:8443',
  'https://[2001:db8::1]',
  'http://localhost',
  'http://localhost:3000',
  'http://127.0.0.1:5173',
])('%s is an origin that can be allowed', (origin) => {
  expect(originSchema.safeParse(origin).success).toBe(true);
});

test.each([
  '*',
  'null',
  '',
  'https://*',
  'https://*.example.com',
  'http://app.example.com',
  'http://localhost.example.com',
  'https://app.example.com/',
  'https://app.example.com/path',
  'https://app.example.com:443',
  'https://app.example.com:99999',
  'https://APP.example.com',
  'https://user@app.example.com',
  'https://app.example.com ',
  'https://app.example.com\n',
  'https://bücher.example',
  'file://',
  'chrome-extension://abcdef',
  `https://${'a'.repeat(300)}.example`,
])('%s is none', (origin) => {
  expect(originSchema.safeParse(origin).success).toBe(false);
});
