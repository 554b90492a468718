/** Text that is HTML already and is put into a page as it stands. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text with everything escaped that HTML gives a meaning to, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** A template tag: strings are escaped where they are put in, `Markup` is not. */
export function html(template: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  return new Markup(
    template.reduce((text, part, index) => {
      const value = values[index - 1] ?? '';
      return text + (value instanceof Markup ? value.text : escapeHtml(value)) + part;
    }),
  );
}
