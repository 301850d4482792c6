import { formatConfiguration, parseConfiguration } from "../../../src/model/configuration.ts";
import { type Handler, input } from "../protocol.ts";

export const configuration: Handler = async (request) =>
  formatConfiguration(parseConfiguration(await input(request), "input"));
