import { expect, test } from 'vitest';
import { orphansIn } from './end-orphans.ts';

const LISTING = `    1     1 systemd
   40    40 MainThread
   41    40 workerd
   51    50 workerd
   52    50 /opt/countersign/bin/workerd
   53    50 node
  501   501 workerd
`;

test('what a plane left behind that was killed is found by its group, whatever the path of the program', () => {
  expect(orphansIn(LISTING, 50)).toEqual([51, 52]);
});

test('a group whose leader lives is somebody else’s: its number was used again', () => {
  expect(orphansIn(LISTING, 40)).toEqual([]);
  expect(orphansIn(LISTING, 501)).toEqual([]);
});

test('where nothing is left, or nothing can be listed, there is nobody', () => {
  expect(orphansIn(LISTING, 60)).toEqual([]);
  expect(orphansIn('', 50)).toEqual([]);
});
