import { describe, expect, test } from 'vitest';
import { parseTemplate } from './go-template.ts';
import { renderPieces } from './render-template.ts';
import type { Value } from './template-functions.ts';

function render(source: string, dot: Value = {}): string {
  const { body, defined } = parseTemplate(source);
  return renderPieces(body, dot, defined);
}

describe('a template is rendered as Go and Helm do it', () => {
  test.each<[string, Value, string]>([
    // The example of white space in the documentation of text/template.
    ['{{23 -}} < {{- 45}}', {}, '23<45'],
    ['a\n  {{- /* said\nto nobody */ -}}\n  b', {}, 'ab'],
    ['a {{/* said to nobody */}} b', {}, 'a  b'],
    ['{{ .a.b }}-{{ $.a.b }}', { a: { b: 'x' } }, 'x-x'],
    ['{{ if .a }}yes{{ else }}no{{ end }}', { a: 0 }, 'no'],
    ['{{ if .a }}yes{{ else }}no{{ end }}', { a: '' }, 'no'],
    ['{{ if .a }}yes{{ else }}no{{ end }}', { a: {} }, 'no'],
    ['{{ if .a }}yes{{ else }}no{{ end }}', { a: [0] }, 'yes'],
    ['{{ if not .a }}yes{{ end }}', { a: false }, 'yes'],
    ['{{ with .a }}{{ . }}{{ $.b }}{{ end }}', { a: 'x', b: 'y' }, 'xy'],
    ['{{ with .a }}{{ . }}{{ else }}{{ .b }}{{ end }}', { a: '', b: 'y' }, 'y'],
    ['{{ range .a }}{{ . }},{{ end }}', { a: ['x', 'y'] }, 'x,y,'],
    ['{{ range $each := .a }}{{ $each }},{{ end }}', { a: { b: 1, a: 2 } }, '2,1,'],
    ['{{ range $key, $value := .a }}{{ $key }}={{ $value }},{{ end }}', { a: { b: 1, a: 2 } }, 'a=2,b=1,'],
    ['{{ $x := "a" }}{{ if true }}{{ $x := "b" }}{{ $x }}{{ end }}{{ $x }}', {}, 'ba'],
    ['{{ "x" | printf "%s-%s" "a" }}', {}, 'a-x'],
    ['{{ printf "%s" (.a | default "b") }}', { a: '' }, 'b'],
    ['{{ define "f" }}<{{ .a }}>{{ end }}{{ include "f" . | quote }}', { a: 'x' }, '"<x>"'],
    ['a:{{ "b: 1\nc: 2" | nindent 2 }}'.replace('\n', '\\n'), {}, 'a:\n  b: 1\n  c: 2'],
    ['{{ toPrettyJson . }}', { b: '<', a: [] }, '{\n  "a": [],\n  "b": "\\u003c"\n}'],
    ['{{ toYaml . }}', { b: 1, a: { c: 'true' } }, 'a:\n  c: "true"\nb: 1'],
    ['{{ set (deepCopy .a) "c" 1 | toYaml }} {{ toYaml .a }}', { a: { b: 2 } }, 'b: 2\nc: 1 b: 2'],
    ['{{ "abcdef-" | trunc 4 }} {{ "a-" | trimSuffix "-" }} {{ "a+b" | replace "+" "_" }}', {}, 'abcd a a_b'],
    ['{{ contains "b" "abc" }}', {}, 'true'],
    ['{{ "" | sha256sum }}', {}, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('%s', (source, dot, text) => {
    expect(render(source, dot)).toBe(text);
  });
});

describe('what is not in the subset, or would go wrong in Helm, is an error', () => {
  test.each<[string, Value]>([
    ['{{ template "f" . }}', {}],
    ['{{ if .a }}{{ else if .b }}{{ end }}', { a: 1, b: 1 }],
    ['{{ if .a }}', { a: 1 }],
    ['{{ end }}', {}],
    ['{{ upper "x" }}', {}],
    ['{{ quote "x" "y" }}', {}],
    ['{{ .missing }}', { a: 1 }],
    ['{{ if .missing }}{{ end }}', { a: 1 }],
    ['{{ .a.missing }}', { a: { b: 1 } }],
    ['{{ $none }}', {}],
    ['{{ .a }}', { a: { b: 1 } }],
    ['{{ .a }}', { a: 1_000_000 }],
    ['{{ .a }}', { a: null }],
    ['{{ printf "%d" .a }}', { a: 1 }],
    ['{{ printf "%s" .a }}', { a: 1 }],
    ['{{ quote .a }}', { a: 1 }],
    ['{{ "a" | "b" }}', {}],
    ['{{ .a .b }}', { a: 1, b: 1 }],
    ['{{ (.a }}', { a: 1 }],
    ['{{ .a', { a: 1 }],
    ['{{ include "none" . }}', {}],
    ['{{ /* a blank before it */ }}', {}],
    ['{{ `raw` }}', {}],
    ['{{ $a = 1 }}', {}],
    ['{{-.a}}', { a: 1 }],
  ])('%s', (source, dot) => {
    expect(() => render(source, dot)).toThrow(Error);
  });
});
