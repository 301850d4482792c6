/** IOThreads by name. */

/** Id of the object that is an IOThread. */
export const iothreadId = (number: number): string => `iothread${number}`;
