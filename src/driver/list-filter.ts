/** The flags by which clients ask for part of a list (`virConnectListAll...`). */

/**
 * One question about an object, as pairs of a flag and what it asks for. Several flags of one question mean "any of
 * these"; a question without any flag is not asked.
 */
export type ListQuestion<T> = readonly (readonly [flag: number, holds: (object: T) => boolean])[];

/** All flags that the questions know. */
export function questionFlags<T>(questions: readonly ListQuestion<T>[]): number {
  return questions.flat().reduce((flags, [flag]) => flags | flag, 0);
}

/** The objects for which each question that the flags ask has a yes. */
export function selectByFlags<T>(objects: Iterable<T>, flags: number, questions: readonly ListQuestion<T>[]): T[] {
  const asked = questions
    .map((question) => question.filter(([flag]) => (flags & flag) !== 0))
    .filter((question) => question.length > 0);
  return [...objects].filter((object) => asked.every((question) => question.some(([, holds]) => holds(object))));
}

/** A question with two answers: `yesOrNo(ACTIVE, INACTIVE, isActive)`. */
export function yesOrNo<T>(yes: number, no: number, holds: (object: T) => boolean): ListQuestion<T> {
  return [
    [yes, holds],
    [no, (object) => !holds(object)],
  ];
}
