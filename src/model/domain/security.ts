/** Labels of a mandatory or discretionary access control model: of the domain, and of single resources. */
import { attr, fields, type Infer, leaf, many, type Shape, text, variants, yesNo } from "../../xml/index.ts";

const model = attr(text);

const securityLabelShape = variants(
  "type",
  {
    /** libvirt chooses the label at each start, on the base of `baselabel` where that is given. */
    dynamic: {
      model,
      relabel: attr(yesNo).default(true),
      label: leaf(text).live(),
      imagelabel: leaf(text).live(),
      baselabel: leaf(text),
    },
    /** Always this label. */
    static: {
      model,
      relabel: attr(yesNo).default(false),
      label: leaf(text),
      imagelabel: leaf(text).live(),
    },
    none: { model, relabel: attr(yesNo).omit(false) },
  },
  { default: "dynamic" },
);

export type SecurityLabel = Infer<typeof securityLabelShape>;
export const securityLabel: Shape<SecurityLabel> = securityLabelShape;

const deviceLabelShape = fields({
  model,
  /** The resource could not be labelled (a network file system), which was accepted. */
  labelskip: attr(yesNo).live(),
  relabel: attr(yesNo),
  label: leaf(text),
});
/** How a device's resource departs from the domain's own label. */
export interface DeviceLabel extends Infer<typeof deviceLabelShape> {}
const deviceLabel: Shape<DeviceLabel> = deviceLabelShape;
export const deviceLabels = many(deviceLabel).named("seclabel");
