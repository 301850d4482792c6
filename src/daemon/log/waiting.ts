/** What is to be written when there is room for it. */

/** How much may wait to be written, in characters. */
const maxWaiting = 1024 * 1024;

/** Lines that wait for their turn, at most so many; what is lost is told as soon as there is room. */
export class Waiting {
  #text = "";
  #lost = 0;

  add(line: string): void {
    if (this.#text.length + line.length > maxWaiting) this.#lost++;
    else this.#text += `${line}\n`;
  }

  take(): string {
    const lost =
      this.#lost === 0
        ? ""
        : `(${this.#lost} lines of the log were lost: they came faster than they could be written)\n`;
    const text = this.#text + lost;
    this.#text = "";
    this.#lost = 0;
    return text;
  }
}
