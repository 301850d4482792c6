import { formatNodeDevice, parseNodeDevice } from "../../../src/model/node-device.ts";
import { type Handler, input } from "../protocol.ts";

export const deviceToDevice: Handler = async (request) => formatNodeDevice(parseNodeDevice(await input(request)));
