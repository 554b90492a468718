/* What the issuer's tests browse with: fetch, and a cookie jar that minds names and paths, nothing else. */

type Cookie = { name: string; value: string; path: string };

export type Page = { status: number; url: string; headers: Headers; text: string };

/** A browser that follows redirects until they leave the origin that it was made for. */
export class TestBrowser {
  readonly #origin: string;
  #cookies: Cookie[] = [];

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The page at the end of the redirects; a redirect to elsewhere is returned unfollowed, as `url`. */
  async open(address: string, form?: Record<string, string>): Promise<Page> {
    const url = new URL(address, this.#origin);
    if (url.origin !== this.#origin) return { status: 0, url: url.href, headers: new Headers(), text: '' };
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: this.#cookieHeader(url.pathname) },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) this.#store(line);
    const text = await response.text();
    const location = response.headers.get('location');
    if (location !== null) return this.open(new URL(location, url).href);
    return { status: response.status, url: url.href, headers: response.headers, text };
  }

  #cookieHeader(pathname: string): string {
    return this.#cookies
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #store(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((attribute) => attribute.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    if (value !== '') this.#cookies.push({ name, value, path });
  }
}
