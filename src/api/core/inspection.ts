/** The name under which Node's `inspect`, so also `console.log`, asks an object how it wants to be shown. */
export const inspection: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;
