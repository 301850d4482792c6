/** Sizes and thresholds of a running guest's disks. */
import { DomainBlockResizeFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { diskTargets } from "../../objects/disk.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { bytes, data, kibibytes } from "../../option.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });

export const blockresize = command({
  name: "blockresize",
  summary: "change the size of a guest's disk",
  description: "Gives a running guest's disk another size.",
  options: {
    domain,
    path: data("target or source of the disk", { complete: diskTargets }),
    size: kibibytes("the new size; KiB when no unit is given", { required: true }),
  },
  async run(context) {
    const { options, notice } = context;
    const whole = options.size % 1024n === 0n;
    const target = await domainOf(context);
    await attempt(`Failed to resize block device '${options.path}'`, () =>
      whole
        ? target.blockResize(options.path, options.size / 1024n, 0)
        : target.blockResize(options.path, options.size, DomainBlockResizeFlags.BYTES),
    );
    notice(`Block device '${options.path}' is resized`);
  },
});

export const domblkthreshold = command({
  name: "domblkthreshold",
  summary: "tell when a disk's image grows beyond a size",
  description: "Sets the size of an image at which libvirt sends an event.",
  options: {
    domain,
    dev: data("target of the disk, like vda or vda[1]", { complete: diskTargets }),
    threshold: bytes("the size; bytes when no unit is given", { required: true }),
  },
  async run(context) {
    const { options } = context;
    await (await domainOf(context)).setBlockThreshold(options.dev, options.threshold, 0);
  },
});
