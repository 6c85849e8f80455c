import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { methodOf } from "../../lib/methods/methods.ts";
import { METHODS } from "../../lib/methods/methods.ts";
import type { LayerwiseStrategy } from "../../lib/topology/strategy.ts";
import type { Settings } from "../../lib/settings/mod.ts";
import { grownIn, growsAtRandom } from "../topology/random_layer.ts";
import { tinySettings } from "../ensemble/tiny_runs.ts";

Deno.test("methodOf tells the methods apart", () => {
  const table = METHODS.map((method) => {
    const { topology, layers, members } = methodOf(tinySettings(method));
    return [method, topology.name, layers, members];
  });
  assert.deepEqual(table, [
    ["fd", "FD-TSE", "sparse", "sequential"],
    ["rd", "RD-TSE", "sparse", "sequential"],
    ["dist", "Dist-TSE", "sparse", "sequential"],
    ["edst", "EDST_RG", "sparse", "sequential"],
    ["dst-ensemble", "DST ensemble", "sparse", "independent"],
    ["prune-and-tune", "Prune and Tune", "sparse", "independent"],
    ["lottery-tickets", "diverse lottery tickets", "sparse", "independent"],
    ["snapshots", "snapshots", "sparse", "sequential"],
    ["bagging", "bagging", "sparse", "independent"],
    ["subspaces", "random subspaces", "sparse", "independent"],
    ["boosting", "boosting", "sparse", "independent"],
    ["ncl", "negative correlation learning", "sparse", "independent"],
    ["born-again", "born-again ensemble", "sparse", "independent"],
    ["set", "SET", "sparse", "independent"],
    ["set-itop", "SET-ITOP", "sparse", "independent"],
    ["rigl", "RigL", "sparse", "independent"],
    ["rigl-itop", "RigL-ITOP", "sparse", "independent"],
    ["mest", "MEST", "sparse", "independent"],
    ["deep-r", "Deep R", "sparse", "independent"],
    ["dsr", "DSR", "sparse", "independent"],
    ["snfs", "SNFS", "sparse", "independent"],
    ["srigl", "SRigL", "sparse", "independent"],
    ["cht", "CHT", "sparse", "independent"],
    ["chts", "CHTs", "sparse", "independent"],
    ["gse", "GSE", "sparse", "independent"],
    ["importance", "importance pruning", "sparse", "independent"],
    ["gradual", "gradual magnitude pruning", "sparse", "independent"],
    ["granet", "GraNet", "sparse", "independent"],
    ["lottery", "lottery tickets", "sparse", "independent"],
    ["snip", "SNIP", "sparse", "independent"],
    ["synflow", "SynFlow", "sparse", "independent"],
    ["static", "static", "sparse", "single"],
    ["sparse-ensemble", "static", "sparse", "independent"],
    ["dense", "static", "dense", "single"],
    ["dense-ensemble", "static", "dense", "independent"],
  ]);
});

/** The strategy of one of the paper's methods: they all change every layer on its own. */
const layerwise = (settings: Settings) => methodOf(settings).topology as LayerwiseStrategy;

Deno.test("methodOf gives every growth but Dist's between members by gradient where that is asked for", () => {
  for (const method of ["fd", "rd", "dist", "edst", "set", "rigl"] as const) {
    const settings = tinySettings(method, { growth: "gradient" });
    const { name, update, reinitialize } = layerwise(settings);
    assert.equal(name === "EDST", method === "edst");
    assert.ok(!growsAtRandom(update!.grow), method);
    if (reinitialize === undefined) continue;
    assert.ok(!growsAtRandom(reinitialize.grow), method);
    // Between members, Dist's growth has nothing to do with the gradient, and RigL's always has.
    const other = layerwise(tinySettings(method)).reinitialize!;
    for (let example = 0; example < 4; example++) {
      const same = isDeepStrictEqual(
        grownIn(reinitialize.grow, example),
        grownIn(other.grow, example),
      );
      assert.equal(same, ["dist", "rigl"].includes(method), method);
    }
  }
});

Deno.test("methodOf gives only FD another growth in its updates than random", () => {
  for (const method of METHODS) {
    if (["rigl", "rigl-itop", "dst-ensemble", "snapshots"].includes(method)) continue;
    if (typeof methodOf(tinySettings(method)).topology.update === "function") continue;
    const { update, reinitialize } = layerwise(tinySettings(method));
    const likeSet = ["set", "set-itop", "bagging", "boosting", "ncl", "born-again"];
    const updates = ["fd", "rd", "dist", "edst", ...likeSet].includes(method);
    assert.equal(update !== undefined, updates, method);
    if (updates) assert.equal(growsAtRandom(update!.grow), method !== "fd", method);
    assert.equal(reinitialize !== undefined, ["fd", "rd", "dist", "edst"].includes(method), method);
    if (reinitialize !== undefined) {
      assert.equal(growsAtRandom(reinitialize.grow), method === "edst", method);
    }
  }
});
