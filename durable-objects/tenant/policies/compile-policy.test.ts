import { describe, expect, test } from 'vitest';
import { compilePolicy, compileSaved, policyInvalid } from './compile-policy.ts';
import { expressionStatistics } from './expression-statistics.ts';
import { approving, asking, closeTicket, compiled, documentOf, factsOf, waiveFee } from './policy-samples.ts';

const shapes = [waiveFee, closeTicket];

function issuesOf(document: ReturnType<typeof documentOf>): readonly (readonly [string, string])[] {
  const result = compilePolicy(document, shapes);
  return result.ok ? [] : result.issues.map(({ path, code }) => [path, code] as const);
}

function verdict(when: string, facts = factsOf()): string {
  return compiled(documentOf({ when })).evaluate(facts).kind;
}

describe('a condition that is not taken', () => {
  test.each([
    ['after.fee <=', 'cel_syntax'],
    ['after.fee = 1', 'cel_syntax'],
    ['nosuch == 1', 'cel_unknown_name'],
    ['after.nosuch == 1', 'cel_unknown_name'],
    ['has(after.nosuch)', 'cel_unknown_name'],
    ['after["nosuch"] == 1', 'cel_unknown_name'],
    ['patch.balance == 1', 'cel_unknown_name'],
    ['agent.email == "x"', 'cel_unknown_name'],
    ['args.constructor == "x"', 'cel_unknown_name'],
    ['now.getHours("Atlantis/Centre") == 1', 'cel_unknown_name'],
    ['after.fee == "100"', 'cel_type'],
    ['after.fee in ["a"]', 'cel_type'],
    ['after.note + 1 == ""', 'cel_type'],
    ['after.note > 5', 'cel_type'],
    ['args.urgent == 1', 'cel_type'],
    ['after.fee / 3 > 1', 'cel_type'],
    ['after == before', 'cel_type'],
    ['now > 5', 'cel_type'],
    ['capability', 'cel_not_boolean'],
    ['after.fee', 'cel_not_boolean'],
    ['before.balance', 'cel_not_boolean'],
    ['after.fee <= 100 ? before.balance : true', 'cel_not_boolean'],
    ['after.note.matches("(a+)+$")', 'cel_not_allowed'],
    ['[1, 2].all(x, x > 0)', 'cel_not_allowed'],
    ['[1, 2].map(x, x) == [1, 2]', 'cel_not_allowed'],
    ['cel.bind(x, after.note, x == x)', 'cel_not_allowed'],
    ['before.note == null', 'cel_not_allowed'],
    ['after["f" + "ee"] > 1', 'cel_not_allowed'],
    ['{"a": 1} == {"a": 1}', 'cel_not_allowed'],
    ['b"x" == b"x"', 'cel_not_allowed'],
    ['5u == 5u', 'cel_not_allowed'],
    ['type(after.fee) == int', 'cel_not_allowed'],
    ['dyn(after.fee) == 1', 'cel_not_allowed'],
    ['now.getHours(after.note) == 1', 'cel_not_allowed'],
    ['timestamp("2026-01-01T00:00:00Z").getHours("UTC") == 1', 'cel_not_allowed'],
    ['(now - duration("1h")).getHours("UTC") == 1', 'cel_not_allowed'],
    ['after.note.contains(reason)', 'cel_not_allowed'],
    ['after.note.indexOf(reason) == 1', 'cel_not_allowed'],
    ['(after.note + reason).contains("x")', 'cel_not_allowed'],
    ['size(after.note + reason) > 5', 'cel_not_allowed'],
    ['duration(reason) > duration("1h")', 'cel_not_allowed'],
    [`duration("${'1'.repeat(40)}s") > duration("1h")`, 'cel_not_allowed'],
    ['(after.note + reason).size() > 5', 'cel_not_allowed'],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, 'cel_too_large'],
    [`${'!'.repeat(501)}true`, 'cel_too_large'],
    [`1 in [${'1,'.repeat(201)}1]`, 'cel_too_large'],
    [`${'true || '.repeat(300)}true`, 'cel_too_large'],
  ])('%s', (when, code) => {
    expect(issuesOf(documentOf({ when })).map(([path, found]) => [path, found])).toContainEqual([
      '$.when',
      code,
    ]);
  });

  test('is shown with what is known', () => {
    const result = compilePolicy(documentOf({ when: 'patch.amount > 5' }), shapes);
    expect(result.ok ? [] : result.issues).toEqual([
      {
        path: '$.when',
        code: 'cel_unknown_name',
        message:
          'for billing.waive_fee: patch.amount is not known here; what is: patch.fee, patch.note, patch.closed',
      },
    ]);
  });

  test('is refused with its first issue', () => {
    const refusal = policyInvalid([{ path: '$.when', code: 'cel_type', message: 'no such overload' }]);
    expect(refusal).toMatchObject({ code: 'policy_invalid', message: '$.when: no such overload' });
    expect(refusal.errors).toHaveLength(1);
  });
});

describe('where a policy applies', () => {
  test('each capability is checked on its own', () => {
    const document = documentOf({ when: 'after.fee > 1', applies_to: [waiveFee.name, closeTicket.name] });
    const result = compilePolicy(document, shapes);
    expect(result.ok ? [] : result.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining('for support.close_ticket: after.fee is not known'),
    ]);
    expect(issuesOf(documentOf({ applies_to: document.applies_to, when: 'after.id != ""' }))).toEqual([]);
  });

  test('a capability that no contract has is an issue', () => {
    expect(issuesOf(documentOf({ applies_to: [waiveFee.name, 'nosuch'] }))).toEqual([
      ['$.applies_to[1]', 'capability_unknown'],
    ]);
  });

  test('for every capability, there are no rows', () => {
    expect(issuesOf(documentOf({ applies_to: ['*'], when: 'after.fee > 1' }))).toEqual([
      ['$.when', 'cel_unknown_name'],
    ]);
    const policy = compiled(documentOf({ applies_to: ['*'], when: 'agent.name.startsWith("billing")' }));
    expect(policy.appliesTo('anything')).toBe(true);
    expect(policy.evaluate(factsOf({ capability: 'anything' })).kind).toBe('match');
  });

  test.each([['note'], ['closed'], ['balance'], ['nosuch']])('there is no total of %s', (of) => {
    const limits = [{ total: 5, of, per: 'policy', period: 'day' }];
    expect(issuesOf(approving({ limits }))).toEqual([['$.limits[0].of', 'limit_column']]);
  });

  test('nor any for every capability', () => {
    const limits = [{ total: 5, of: 'fee', per: 'policy', period: 'day' }];
    const tests = [
      { name: 'yes', given: { reason: 'x' }, expect: 'approve' },
      { name: 'no', given: { reason: '' }, expect: 'no_match' },
    ];
    const document = approving({ applies_to: ['*'], when: 'reason != ""', limits, tests });
    expect(issuesOf(document)).toEqual([['$.limits[0].of', 'limit_column']]);
  });
});

describe('stored tests', () => {
  const test1 = (given: unknown, expected: string) => ({ name: 'one', given, expect: expected });

  test.each([
    [
      'a wrong expectation',
      { when: 'after.fee > 100' },
      test1({ after: { fee: 100 } }, 'refuse'),
      'test_failed',
    ],
    [
      'an effect of another kind',
      { when: 'after.fee > 9' },
      test1({ after: { fee: 10 } }, 'ask'),
      'test_failed',
    ],
    ['a misspelt column', {}, test1({ after: { fe: 10 } }, 'refuse'), 'test_unknown_fact'],
    ['a column that is not patched', {}, test1({ patch: { balance: 1 } }, 'refuse'), 'test_unknown_fact'],
    [
      'rows for every capability',
      { applies_to: ['*'] },
      test1({ after: { fee: 10 } }, 'refuse'),
      'test_unknown_fact',
    ],
    ['a capability elsewhere', {}, test1({ capability: closeTicket.name }, 'refuse'), 'test_failed'],
  ])('%s is an issue', (_name, changes, stored, code) => {
    expect(issuesOf(documentOf({ ...changes, tests: [stored] }))).toEqual([['$.tests[0]', code]]);
  });

  test('what is not given cannot be read, and a refusal then matches', () => {
    const document = documentOf({ when: 'after.fee > 100', tests: [test1({}, 'refuse')] });
    expect(issuesOf(document)).toEqual([]);
    const approval = approving({ tests: [...approving().tests, test1({ reason: 'x' }, 'approve')] });
    const result = compilePolicy(approval, shapes);
    expect(result.ok ? '' : result.issues[0]?.message).toBe(
      'one: expected approve for billing.waive_fee, came to no_match (it reads a value that is not there (at: after.fee))',
    );
  });

  test('of after and patch, the one follows from the other, and limits begin at nothing', () => {
    const limits = [{ total: 60, of: 'fee', per: 'policy', period: 'day' }];
    const tests = [
      test1({ before: { status: 'open' }, patch: { fee: 60 } }, 'approve'),
      { ...test1({ after: { fee: 60, status: 'open' } }, 'approve'), name: 'two' },
      { ...test1({ after: { fee: 61, status: 'open' } }, 'no_match'), name: 'three' },
    ];
    const when = 'after.fee <= 100 && after.status == "open"';
    expect(issuesOf(approving({ when, limits, tests }))).toEqual([]);
  });

  test('a time is given as text', () => {
    const when = 'now.getDayOfWeek("Europe/Berlin") == 0';
    const tests = [
      test1({ now: '2026-11-21T23:30:00Z' }, 'refuse'),
      { ...test1({ now: '2026-11-21T22:30:00Z' }, 'no_match'), name: 'two' },
    ];
    expect(issuesOf(documentOf({ when, tests }))).toEqual([]);
  });
});

describe('evaluation', () => {
  test.each([
    ['after.fee <= 40', 'match'],
    ['40 >= after.fee', 'match'],
    ['after.fee < 40', 'no_match'],
    ['after.fee == 40', 'match'],
    ['after.fee != 40.0', 'no_match'],
    ['after.fee - before.fee == 30', 'match'],
    ['after.fee <= before.fee * 4', 'match'],
    ['after.fee <= before.fee * 3.9', 'no_match'],
    ['-after.fee < 0 && after.fee % 7 == 5', 'match'],
    ['after.fee in [10, 40]', 'match'],
    ['after.fee in [10.0, 40.5]', 'no_match'],
    ['args.amount == after.fee', 'match'],
    ['!args.urgent', 'match'],
    ['number(before.balance) == 120.5', 'match'],
    ['before.balance == "120.50"', 'match'],
    ['before["status"] == "open"', 'match'],
    ['has(before.note)', 'no_match'],
    ['has(after.note) && after.note.contains("good")', 'match'],
    ['after.note.trim().lowerAscii().indexOf("will") == 4', 'match'],
    ['after.note.startsWith(before.status)', 'no_match'],
    ['reason.size() > 3 && principal == "ada" && agent.id == "crd_agent"', 'match'],
    ['contract.version == "3" && rehearsal.status == "done"', 'match'],
    ['now > timestamp("2026-01-01T00:00:00Z")', 'match'],
    ['now - duration("24h") < timestamp("2026-11-21T00:00:00Z")', 'match'],
    ['now.getHours("America/New_York") == 7 && now.getHours("Asia/Tokyo") == 21', 'match'],
    ['now.getHours() == 12 && now.getDayOfWeek("Pacific/Auckland") == 0', 'match'],
    ['capability == "billing.waive_fee" && tenant_id == "acme" && source_id == "src_1"', 'match'],
    ['before.note == "x"', 'failed'],
    ['before.balance > 100', 'failed'],
    ['before.status == 1', 'failed'],
    ['before.status != 1', 'failed'],
    ['after.note == before.closed', 'failed'],
    ['timestamp(reason) > now', 'failed'],
    ['before.closed == "no"', 'failed'],
    ['before.balance == 120', 'failed'],
    ['after.fee % 0 == 1', 'failed'],
    ['int(after.note) == 1', 'failed'],
    ['false && before.note == "x"', 'no_match'],
    ['before.note == "x" || true', 'match'],
  ])('%s: %s', (when, kind) => {
    expect(verdict(when)).toBe(kind);
  });

  test('decimals and large integers come as text, and are exact', () => {
    const facts = factsOf({ after: { fee: '9007199254740993' }, before: { fee: '0.30' } });
    expect(verdict('after.fee > 9007199254740992', facts)).toBe('match');
    expect(verdict('after.fee == 9007199254740993', facts)).toBe('match');
    expect(verdict('before.fee == 0.1 + 0.2', facts)).toBe('no_match');
    expect(verdict('before.fee == number(0.1) + 0.2', facts)).toBe('match');
  });

  test.each([['NaN'], ['12 EUR'], [true], [null], [1e200]])('%s is no fee', (fee) => {
    expect(verdict('after.fee <= 100', factsOf({ after: { fee } }))).toBe('failed');
  });

  test('what is absent of the proposal is empty', () => {
    const facts = factsOf({ principal: null, object_id: null, reason: null, contract: null });
    expect(verdict('principal == "" && object_id == "" && reason == ""', facts)).toBe('match');
    expect(verdict('has(contract.name)', facts)).toBe('no_match');
    expect(verdict('contract.name == "billing"', facts)).toBe('failed');
  });

  test('a failure names the place and no value', () => {
    const facts = factsOf({ after: { fee: 40, note: 'secret' } });
    const policy = compiled(
      documentOf({ when: 'bool(after.note) == true'.replace('bool', 'int').replace('true', '1') }),
    );
    const judged = policy.evaluate(facts);
    expect(judged).toEqual({
      kind: 'failed',
      code: 'int_conversion_error',
      why: 'it could not be evaluated (int_conversion_error) (at: int(after.note))',
    });
  });
});

describe('memory', () => {
  test('compiles once, and counts what it does', () => {
    const document = documentOf({ when: 'after.fee > 77', name: 'remembered' });
    const { total } = expressionStatistics();
    const before = { ...total };
    compilePolicy(document, shapes);
    const policy = compiled({ ...document });
    expect(compilePolicy(document, [{ ...waiveFee }]).ok).toBe(true);
    policy.evaluate(factsOf());
    policy.evaluate(factsOf({ after: {} }));
    const after = total;
    expect({
      compiled: after.compiled - before.compiled,
      hits: after.hits - before.hits,
      evaluations: after.evaluations - before.evaluations,
      failures: after.failures - before.failures,
    }).toEqual({ compiled: 1, hits: 2, evaluations: 2, failures: 1 });
  });

  test('a capability of another shape is compiled anew', () => {
    const document = documentOf({ when: 'after.fee > 78' });
    expect(compilePolicy(document, [waiveFee]).ok).toBe(true);
    expect(compilePolicy(document, [{ ...waiveFee, patched: {} }]).ok).toBe(false);
  });
});

describe('a policy that was saved earlier', () => {
  test('is compiled for the capabilities that are there', () => {
    const document = asking({ when: 'after.id == "inv_1"', applies_to: [waiveFee.name, closeTicket.name] });
    const policy = compileSaved(document, [waiveFee]);
    const before = expressionStatistics().total.compiled;
    expect(compileSaved(document, [waiveFee])).toBe(policy);
    expect(expressionStatistics().total.compiled).toBe(before);
    expect(policy.evaluate(factsOf()).kind).toBe('match');
    expect(policy.evaluate(factsOf({ capability: closeTicket.name })).kind).toBe('failed');
  });

  test('fails where it no longer fits, and still applies', () => {
    const policy = compileSaved(asking({ when: 'after.fee > 5' }), [{ ...waiveFee, patched: {} }]);
    expect(policy.appliesTo(waiveFee.name)).toBe(true);
    expect(policy.evaluate(factsOf())).toMatchObject({ kind: 'failed', code: 'policy_outdated' });
  });

  test('nor does it count a column that is a number no more', () => {
    const limits = [{ total: 60, of: 'fee', per: 'policy', period: 'day' }];
    const when = 'after.id == "inv_1"';
    const patched = { ...waiveFee.patched, fee: 'text' as const };
    const policy = compileSaved(approving({ when, limits }), [{ ...waiveFee, patched }]);
    expect(policy.evaluate(factsOf()).kind).toBe('failed');
  });
});
