import { expect, test } from 'vitest';
import { codeIn, joinLink } from './join-link.ts';

test('a link has its code in the part that no server is sent', () => {
  const link = new URL(joinLink('https://plane.example', 'prj_1', 'syn_inv_a/b'));
  expect(link.pathname + link.search).toBe('/join/prj_1');
  expect(codeIn(link.hash)).toBe('syn_inv_a/b');
});

test('what is no code is none', () => {
  expect(codeIn('')).toBeNull();
  expect(codeIn('#')).toBeNull();
  expect(codeIn('#%E0%A4%A')).toBeNull();
});
