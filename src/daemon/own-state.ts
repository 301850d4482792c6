/**
 * The daemon's own connection to what it manages. While it is open, guests are watched whether a client is there or not;
 * opening it takes over those that run, and starts those that start by themselves.
 */
import { connect, type Router } from "../driver/router.ts";
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

async function runningGuests(router: Router): Promise<number> {
  return (await router.call("connectNumOfDomains", {})).num;
}
