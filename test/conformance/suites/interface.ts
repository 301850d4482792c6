import { formatInterface, parseInterface } from "../../../src/model/interface.ts";
import { type Handler, input } from "../protocol.ts";

export const interfaceToInterface: Handler = async (request) => formatInterface(parseInterface(await input(request)));
