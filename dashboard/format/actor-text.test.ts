import { expect, test } from 'vitest';
import { actorText, actorTextOf } from './actor-text.ts';

test.each([
  ['person:https://login.example.com/eu ada@acme.example', 'person ada@acme.example (login.example.com/eu)'],
  ['person:http://127.0.0.1:8788 ada', 'person ada (127.0.0.1:8788)'],
  ['person:ada', 'person ada'],
  ['agent:crd_1', 'agent crd_1'],
  ['nobody', 'nobody'],
])('%s', (actor, text) => {
  expect(actorTextOf(actor)).toBe(text);
});

test('two issuers of one name are told apart', () => {
  expect(actorText('person', 'https://a.example ada')).not.toBe(actorText('person', 'https://b.example ada'));
});
