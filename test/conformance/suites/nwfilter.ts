import {
  formatFilter,
  formatFilterBinding,
  parseFilter,
  parseFilterBinding,
} from "../../../src/model/nwfilter/index.ts";
import { type Handler, input } from "../protocol.ts";

export const filterToFilter: Handler = async (request) => formatFilter(parseFilter(await input(request)));

export const bindingToBinding: Handler = async (request) =>
  formatFilterBinding(parseFilterBinding(await input(request)));
