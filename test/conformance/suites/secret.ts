import { formatSecret, parseSecret } from "../../../src/model/secret.ts";
import { type Handler, input } from "../protocol.ts";

export const secretToSecret: Handler = async (request) => formatSecret(parseSecret(await input(request)));
