/**
 * The daemon's own connection to what it manages. While it is open, guests are watched whether a client is there or not;
 * opening it takes over those that run, and starts those that start by themselves.
 */
import { connect, type Router } from "../driver/router.ts";
import { isXenHost } from "../host/xen.ts";
import { DomainEventID } from "../protocol/index.ts";

export interface OwnState {
  /** How many guests run. */
  runningGuests(): Promise<number>;
  close(): Promise<void>;
}

/** @param onChange a guest has started or ended */
export async function openOwnState(uri: string, onChange: () => void): Promise<OwnState> {
  const router = await connect(uri, { sink: () => onChange(), local: true });
  try {
    await router.call("connectDomainEventCallbackRegisterAny", { eventID: DomainEventID.LIFECYCLE, dom: null });
  } catch (error) {
    await router.close();
    throw error;
  }
  return { runningGuests: () => runningGuests(router), close: () => router.close() };
}

/**
 * The same for Xen's guests, on a host that has some; null elsewhere. A host that turns out not to be able to is a warning.
 */
export async function openOwnXen(
  uri: string,
  onChange: () => void,
  warn: (text: string) => void,
): Promise<OwnState | null> {
  if (!(await isXenHost())) return null;
  try {
    const state = await openOwnState(uri, onChange);
    // The host itself is listed among its domains.
    return { ...state, runningGuests: async () => Math.max(0, (await state.runningGuests()) - 1) };
  } catch (error) {
    warn(`Xen's guests are not managed until a client asks for them: ${(error as Error).message}`);
    return null;
  }
}

async function runningGuests(router: Router): Promise<number> {
  return (await router.call("connectNumOfDomains", {})).num;
}
