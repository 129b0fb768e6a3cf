import type { StudyData } from '../data/study';
import type { Value } from '../data/wire';

/** A number to so many significant digits, as the command line writes it: 0.00036, 1.2e-7. */
export function digits(value: number, most: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(most)))));
  if (exponent < -5 || exponent >= most) {
    const [mantissa = '', power = ''] = value.toExponential(most - 1).split('e');
    return `${trim(mantissa)}e${power}`;
  }
  return trim(value.toPrecision(most));
}

function trim(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A score to six digits. */
export function score(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '-' : digits(value, 6);
}

/** A hyperparameter's value, a float to four digits. */
export function value(given: Value | undefined): string {
  if (given === undefined) return '-';
  if (typeof given !== 'number') return String(given);
  return Number.isInteger(given) && Math.abs(given) < 1e15 ? String(given) : digits(given, 4);
}

/** A count with thousands set apart. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** A count with its noun. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A large number in few characters: 1.2k, 34M. */
export function short(number: number): string {
  const size = Math.abs(number);
  if (size >= 1e9) return `${digits(number / 1e9, 3)}G`;
  if (size >= 1e6) return `${digits(number / 1e6, 3)}M`;
  if (size >= 1e4) return `${digits(number / 1e3, 3)}k`;
  return digits(number, 4);
}

/** A length of time: 45s, 12m 03s, 3h 05m, 2d 04h. */
export function duration(seconds: number): string {
  const whole = Math.round(Math.max(0, seconds));
  const two = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)}h ${two((whole % 3600) / 60)}m`;
  return `${Math.floor(whole / 86400)}d ${two((whole % 86400) / 3600)}h`;
}

/** A length of training: a short one to a tenth of a second. */
export function training(milliseconds: number): string {
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)}s` : duration(milliseconds / 1000);
}

/** A time on the user's clock. */
export function clock(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString('en-GB');
}

/** A date and time on the user's clock. */
export function date(time: string): string {
  const at = new Date(time);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')} ${at.toLocaleTimeString('en-GB')}`;
}

/** What differs between two sets: learning_rate 0.0003 → 0.00036. */
export function changes(study: StudyData, before: number, after: number): string {
  if (before === after) return '';
  return study.space
    .map((definition, i) => [definition.name, study.value(before, i), study.value(after, i)] as const)
    .filter(([, old, now]) => old !== now)
    .map(([name, old, now]) => `${name} ${value(old)} → ${value(now)}`)
    .join(', ');
}

/** An argument as a shell takes it literally. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
