/** Prints what the driver answers about a domain: another process may reach the hypervisor by another road. */
import { answers } from "./answers.ts";
import { openXen } from "./open.ts";

const [, , root = "", name = ""] = process.argv;
const router = await openXen(root);
console.log(JSON.stringify(await answers(router, name)));
await router.close();
