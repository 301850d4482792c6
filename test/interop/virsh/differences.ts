/**
 * Command lines whose answer is meant to differ from virsh's, each with the reason: docs/differences.md tells them to
 * people. That they still differ is tested, so that no reason outlives its cause.
 */
export const differences: Readonly<Record<string, string>> = {};
