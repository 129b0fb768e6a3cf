const key = 'pbt-token';

/** The header that carries the token. */
export const tokenHeader = 'X-Pbt-Token';

/** Takes the token out of the address, so that it is in no bookmark and no history, and keeps it for this tab. */
export function takeToken(): void {
  const found = /^#token=([\w-]+)$/.exec(location.hash);
  if (found?.[1] === undefined) return;
  sessionStorage.setItem(key, found[1]);
  history.replaceState(null, '', `${location.pathname}#/`);
}

/** The token, or null where the page was opened without one. */
export function token(): string | null {
  return sessionStorage.getItem(key);
}

/** Keeps a token that was typed in. */
export function keepToken(text: string): void {
  sessionStorage.setItem(key, text);
}

/** The headers of a request. */
export function headers(): Record<string, string> {
  const known = token();
  return known === null ? {} : { [tokenHeader]: known };
}
