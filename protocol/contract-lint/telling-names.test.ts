import { describe, expect, test } from 'vitest';
import {
  looksFinal,
  looksLikeAuthority,
  looksLikeMoney,
  looksLikePersonalData,
  looksLikeSecret,
  looksLikeStatus,
  looksLikeTime,
} from './telling-names.ts';

describe.each<[string, (name: string) => boolean, string[], string[]]>([
  [
    'money',
    looksLikeMoney,
    ['fee_cents', 'creditLimit', 'PRICE', 'refund2_eur_amount'],
    ['coffee', 'limited', 'grams'],
  ],
  ['a status', looksLikeStatus, ['status', 'order_state', 'currentStage'], ['statement', 'estate']],
  [
    'a right',
    looksLikeAuthority,
    ['role', 'is_admin', 'owner_id', 'api_key'],
    ['controller', 'parole', 'key'],
  ],
  [
    'a secret',
    looksLikeSecret,
    ['password', 'accessToken', 'api_key', 'pickup_pin'],
    ['pinned', 'key', 'spin'],
  ],
  [
    'personal data',
    looksLikePersonalData,
    ['email', 'receiverPhone', 'date_of_birth', 'card_number', 'IBAN'],
    ['birth_weight', 'card', 'telephone_exchange', 'number'],
  ],
  ['a time', looksLikeTime, ['updated_at', 'changedOn', 'last_modified'], ['version', 'at_home', 'format']],
  ['a final state', looksFinal, ['paid', 'CLOSED', 'order-refunded'], ['unpaid', 'open', 'closing']],
])('%s', (_, looks, like, unlike) => {
  test.each(like)('%s looks like it', (name) => expect(looks(name)).toBe(true));
  test.each(unlike)('%s does not', (name) => expect(looks(name)).toBe(false));
});
