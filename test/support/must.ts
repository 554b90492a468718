import type { Answer } from './http.ts';

/** A step that must have succeeded before a test's own matter begins. */
export function must(answer: Answer): Answer {
  if (answer.status >= 300) throw new TypeError(`expected success, got ${answer.status}: ${answer.text}`);
  return answer;
}
