import type { StudyData } from './study';

/** A function of a study that is computed once for each version of it. */
export function perVersion<T>(compute: (study: StudyData) => T): (study: StudyData) => T {
  const known = new WeakMap<StudyData, { version: number; value: T }>();
  return (study) => {
    let found = known.get(study);
    if (found === undefined || found.version !== study.version) {
      found = { version: study.version, value: compute(study) };
      known.set(study, found);
    }
    return found.value;
  };
}
