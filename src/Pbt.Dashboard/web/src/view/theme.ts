const key = 'pbt-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
let probe: HTMLElement | undefined;

export type Theme = 'light' | 'dark';

/** Colours from the worst score to the best, told apart by their lightness too. */
const ramps: Record<Theme, readonly string[]> = {
  light: ['#cdd5df', '#b3c6da', '#8fb3d3', '#659cc8', '#4382b9', '#3867a6', '#3d4a90', '#432d78', '#3c1361'],
  dark: ['#38465a', '#355570', '#316b85', '#308295', '#39999b', '#58b193', '#8ac77f', '#c5d76c', '#ffe261'],
};

/** The colours of several studies. */
const series: Record<Theme, readonly string[]> = {
  light: ['#2f6fb4', '#c2550a', '#2b8a57', '#8a3fa8', '#a8821a', '#b3364f', '#128a94', '#5c6470'],
  dark: ['#6db1ff', '#ff9d57', '#63d29a', '#cf8fee', '#e2c04d', '#ff8096', '#4fd2dc', '#aab4c2'],
};

/** The theme that is shown: the user's choice for this page, or else the system's. */
export function theme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === 'dark' || chosen === 'light' ? chosen : dark.matches ? 'dark' : 'light';
}

/** Takes up the choice of an earlier visit, and says when the system's changes. */
export function startTheme(changed: () => void): void {
  const chosen = read();
  if (chosen !== null) document.documentElement.dataset['theme'] = chosen;
  dark.addEventListener('change', changed);
}

/** Shows the other theme. */
export function switchTheme(): void {
  const next: Theme = theme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** The colours of scores, worst first. */
export function ramp(): readonly string[] {
  return ramps[theme()];
}

/** The colour of one of several studies. */
export function seriesColor(index: number): string {
  const colors = series[theme()];
  return colors[index % colors.length] as string;
}

/** A colour of the style sheet in the theme that is shown: pictures that are saved must not depend on the sheet. */
export function color(name: string): string {
  probe ??= document.body.appendChild(Object.assign(document.createElement('i'), { hidden: true }));
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

function read(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
