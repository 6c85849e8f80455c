/**
 * The functions that go into exported modules as they stand. Each must use nothing from outside but its
 * arguments: its text is taken, not what is around it.
 *
 * @module
 */
export type { ArrayPlace, Facts, LayerFacts, MemberFacts, NumberFacts } from "./facts.ts";
export { inputMaker } from "./make_inputs.ts";
export { normalQuantiles } from "./normal_quantile.ts";
export { openModel } from "./open_model.ts";
export { plainMembers } from "./plain_members.ts";
export { rowReader } from "./read_rows.ts";
export { wasmMembers } from "./wasm_members.ts";
