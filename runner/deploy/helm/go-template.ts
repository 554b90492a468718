/** One value that a template names, or computes. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'dot'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Operand[] };

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly value: Operand }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Operand }
  | {
      readonly kind: 'if' | 'with';
      readonly value: Operand;
      readonly body: readonly Piece[];
      readonly otherwise: readonly Piece[];
    }
  | {
      readonly kind: 'range';
      readonly names: readonly string[];
      readonly value: Operand;
      readonly body: readonly Piece[];
    };

export interface Template {
  readonly body: readonly Piece[];
  readonly defined: ReadonlyMap<string, readonly Piece[]>;
}

/**
 * Reads the subset of Go's template language that the chart is written in. Throws at anything else, so that what it
 * accepts means the same to Helm.
 */
export function parseTemplate(source: string): Template {
  return new Parser(piecesOf(source)).template();
}

type Raw = { readonly text: string } | { readonly action: string };

/** Text before an action, and the action: with a comment directly between its delimiters, or with code. */
const ACTION =
  /^([\s\S]*?)\{\{(-\s)?(?:(\/\*[\s\S]*?\*\/)|(?!-|\/)((?:"(?:\\.|[^"\\])*"|[^"}])*?))(\s-)?\}\}/;

/** Text and actions in turns. A `-` at a delimiter takes the white space beside it away. */
function piecesOf(source: string): Raw[] {
  const pieces: Raw[] = [];
  let rest = source;
  let isTrimmed = false;
  for (;;) {
    const [found = '', before = '', left, comment, action, right] = ACTION.exec(rest) ?? [];
    const plain = found === '' ? rest : before;
    const start = isTrimmed ? plain.trimStart() : plain;
    pieces.push({ text: left === undefined ? start : start.trimEnd() });
    if (found === '') break;
    if (comment === undefined) pieces.push({ action: (action ?? '').trim() });
    isTrimmed = right !== undefined;
    rest = rest.slice(found.length);
  }
  if (pieces.some((piece) => 'text' in piece && piece.text.includes('{{'))) throw new Error('an open {{');
  return pieces;
}

const TOKEN =
  /\s*(?:(?<string>"(?:\\["\\nt]|[^"\\])*")|(?<number>\d+)|(?<variable>\$\w*(?:\.\w+)*)|(?<dot>\.(?:\w+(?:\.\w+)*)?)|(?<word>[A-Za-z]\w*)|(?<mark>:=|[|(),]))/y;

interface Token {
  readonly kind: string;
  readonly text: string;
}

function tokensOf(action: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < action.length) {
    const groups = TOKEN.exec(action)?.groups;
    const [kind, text] = Object.entries(groups ?? {}).find(([, each]) => each !== undefined) ?? [];
    if (kind === undefined || text === undefined) throw new Error(`cannot read {{ ${action} }}`);
    tokens.push({ kind, text });
  }
  return tokens;
}

class Parser {
  readonly #raw: Raw[];
  readonly #defined = new Map<string, readonly Piece[]>();

  constructor(raw: Raw[]) {
    this.#raw = raw;
  }

  template(): Template {
    const { body, end } = this.#block();
    if (end !== undefined) throw new Error(`{{ ${end} }} without a beginning`);
    return { body, defined: this.#defined };
  }

  /** Pieces up to the action that ends the block, which is undefined at the end of the text. */
  #block(): { body: Piece[]; end: string | undefined } {
    const body: Piece[] = [];
    for (let raw = this.#raw.shift(); raw !== undefined; raw = this.#raw.shift()) {
      if ('text' in raw) {
        if (raw.text !== '') body.push({ kind: 'text', text: raw.text });
        continue;
      }
      if (/^(end|else)\b/.test(raw.action)) return { body, end: raw.action };
      const piece = this.#piece(raw.action);
      if (piece !== undefined) body.push(piece);
    }
    return { body, end: undefined };
  }

  #piece(action: string): Piece | undefined {
    const [, word = '', rest = ''] = /^(if|with|range|define|template|block|break|continue)\b(.*)$/s.exec(
      action,
    ) ?? ['', '', action];
    switch (word) {
      case '': {
        const { names, value } = pipelineOf(rest);
        const [name] = names;
        if (names.length > 1) throw new Error(`two variables in {{ ${action} }}`);
        return name === undefined ? { kind: 'print', value } : { kind: 'assign', name, value };
      }
      case 'if':
      case 'with':
        return this.#choice(word, rest);
      case 'range': {
        const { names, value } = pipelineOf(rest);
        return { kind: 'range', names, value, body: this.#closed(action) };
      }
      case 'define': {
        const [, name] = /^\s*"([\w.-]+)"$/.exec(rest) ?? [];
        if (name === undefined || this.#defined.has(name)) throw new Error(`cannot define {{ ${action} }}`);
        this.#defined.set(name, this.#closed(action));
        return undefined;
      }
      default:
        throw new Error(`{{ ${action} }} is not in the subset`);
    }
  }

  #choice(kind: 'if' | 'with', text: string): Piece {
    const { names, value } = pipelineOf(text);
    if (names.length > 0) throw new Error(`a variable in {{ ${kind} ${text} }}`);
    const { body, end } = this.#block();
    if (end === 'end') return { kind, value, body, otherwise: [] };
    if (end === 'else') return { kind, value, body, otherwise: this.#closed(text) };
    throw new Error(`{{ ${end} }} after {{ ${kind} }} is not in the subset`);
  }

  #closed(opening: string): readonly Piece[] {
    const { body, end } = this.#block();
    if (end !== 'end') throw new Error(`{{ ${opening} }} is not closed by {{ end }}`);
    return body;
  }
}

/** `$a, $b := f x | g`: the variables that are made, and the value as nested calls. */
function pipelineOf(text: string): { names: readonly string[]; value: Operand } {
  const tokens = tokensOf(text);
  const assigns = tokens.findIndex((token) => token.text === ':=');
  const names = tokens.slice(0, Math.max(assigns, 0)).filter((token) => token.text !== ',');
  if (names.some((token) => !/^\$\w+$/.test(token.text))) throw new Error(`cannot assign {{ ${text} }}`);
  const rest = tokens.slice(assigns + 1);
  const value = valueOfPipeline(rest);
  if (rest.length > 0) throw new Error(`too much in {{ ${text} }}`);
  return { names: names.map((token) => token.text), value };
}

function valueOfPipeline(tokens: Token[]): Operand {
  let value = commandOf(tokens, undefined);
  while (tokens[0]?.text === '|') {
    tokens.shift();
    value = commandOf(tokens, value);
  }
  return value;
}

/** A function with its arguments, what was piped as the last of them; or a value alone. */
function commandOf(tokens: Token[], piped: Operand | undefined): Operand {
  const [first] = tokens;
  if (first?.kind !== 'word' || /^(true|false)$/.test(first.text)) {
    if (piped !== undefined) throw new Error('a pipe into something that is no function');
    return operandOf(tokens);
  }
  tokens.shift();
  const args: Operand[] = [];
  while (tokens[0] !== undefined && !['|', ')'].includes(tokens[0].text)) args.push(operandOf(tokens));
  return { kind: 'call', name: first.text, args: piped === undefined ? args : [...args, piped] };
}

function operandOf(tokens: Token[]): Operand {
  const token = tokens.shift();
  if (token === undefined) throw new Error('a value is missing');
  const [head = '', ...path] = token.text.split('.');
  if (token.kind === 'string') return { kind: 'literal', value: String(JSON.parse(token.text)) };
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  if (token.kind === 'variable') return { kind: 'variable', name: head, path };
  if (token.kind === 'dot') return { kind: 'dot', path: path.filter((name) => name !== '') };
  if (/^(true|false)$/.test(token.text)) return { kind: 'literal', value: token.text === 'true' };
  if (token.text === '(') {
    const value = valueOfPipeline(tokens);
    if (tokens.shift()?.text === ')') return value;
  }
  throw new Error(`${token.text} where a value should be`);
}
