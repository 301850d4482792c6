/** The made-up node: all that the driver knows, in memory. */
import { EventHub } from "../../driver/events.ts";
import type { VirtualNetwork } from "../../driver/network/network.ts";
import { ObjectList } from "../../driver/object-list.ts";
import type { NodeDevice } from "../../model/node-device.ts";
import type { TestDomain } from "./domain/state.ts";
import type { TestInterfaces } from "./node/interfaces.ts";
import { type Cell, makeCells, type NodeSettings } from "./node/settings.ts";
import { TestSecrets } from "./secrets.ts";
import type { TestPool } from "./storage/pools.ts";
import { VolumeMemory } from "./storage/volume-data.ts";

export class TestNode {
  readonly settings: NodeSettings;
  readonly cells: readonly Cell[];
  readonly events = new EventHub();
  readonly domains = new ObjectList<TestDomain>();
  readonly networks = new ObjectList<VirtualNetwork>();
  readonly interfaces: TestInterfaces = { current: new Map(), before: null };
  readonly pools = new ObjectList<TestPool>();
  readonly secrets = new TestSecrets(this.events);
  /** By name. */
  readonly devices = new Map<string, NodeDevice>();
  readonly volumeMemory = new VolumeMemory();
  nextDomainId = 1;

  /** @param cells a node described by a file has none of its own. */
  constructor(settings: NodeSettings, cells: readonly Cell[] = makeCells()) {
    this.settings = settings;
    this.cells = cells;
  }
}
