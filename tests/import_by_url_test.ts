/**
 * The library as a script gets it: by URL, with permission to import and no other. The repository is
 * served on 127.0.0.1; nothing of it is in the script's cache, the npm packages are.
 */
import assert from "node:assert/strict";
import { isThere, newFolder, readBytes, writeFile } from "./files.ts";
import { ROOT } from "./tasks/run_task.ts";

const TYPES: Readonly<Record<string, string>> = {
  ts: "application/typescript",
  js: "text/javascript",
  wasm: "application/wasm",
};

const SCRIPT = (url: string) => `
import { chooseKernels, datasetFromArrays, fit, predict, predictProba, score } from "${url}";

const rows = Array.from({ length: 300 }, (_, row) => [row % 20, Math.floor(row / 20), row % 3]);
const dataset = datasetFromArrays({
  features: rows,
  labels: rows.map(([x]) => x < 10 ? "left" : "right"),
});
const model = await fit(dataset, {
  hidden: [32, 32], epsilon: 8, epochs: 10, members: 2, trials: 1, batchSize: 32,
});
const several = { method: "sparse-ensemble", hidden: [16], epochs: 4, members: 3 } as const;
const [one, two] = await Promise.all(
  [1, 2].map((threads) => fit(dataset, several, { threads })),
);
const shared = { method: "set", hidden: [16], epochs: 4, workers: 2 } as const;
const [alone, team] = await Promise.all(
  [1, 2].map((threads) => fit(dataset, shared, { threads })),
);
const { kernels, reason } = chooseKernels("auto");
console.log(JSON.stringify({
  accuracy: score(model, dataset),
  predicted: predict(model, [[1, 5, 0], [18, 5, 0]]),
  probabilities: predictProba(model, [[1, 5, 0]]).length,
  kernels: kernels.name,
  same: JSON.stringify(one.members) === JSON.stringify(two.members),
  sameTeam: JSON.stringify(alone.members) === JSON.stringify(team.members),
  reason,
  permissions: await Promise.all(
    ["read", "write", "net", "env", "run", "ffi", "sys"].map(async (name) =>
      (await Deno.permissions.query({ name } as Deno.PermissionDescriptor)).state
    ),
  ),
}));
`;

/** Serves the repository and counts what is asked for. */
function serve(asked: string[]): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const path = new URL(request.url).pathname.slice(1);
    asked.push(path);
    const allowed = /^(mod\.ts|lib\/[\w/.]+)$/.test(path) && !path.includes("..");
    if (!allowed || !isThere(`${ROOT}${path}`)) return new Response("none", { status: 404 });
    const type = TYPES[path.split(".").at(-1)!] ?? "application/octet-stream";
    return new Response(readBytes(`${ROOT}${path}`), { headers: { "content-type": type } });
  });
}

async function info(): Promise<{ npmCache: string }> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("a script that imports mod.ts by URL trains and predicts with --allow-import alone", async () => {
  const asked: string[] = [];
  const server = serve(asked);
  try {
    const { port } = server.addr;
    const folder = newFolder();
    // A cache of its own, except for the packages.
    await Deno.mkdir(`${folder}/cache`);
    await Deno.symlink((await info()).npmCache, `${folder}/cache/npm`);
    await Deno.mkdir(`${folder}/elsewhere`);
    writeFile(`${folder}/elsewhere/script.ts`, SCRIPT(`http://127.0.0.1:${port}/mod.ts`));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", `--allow-import=127.0.0.1:${port}`, "script.ts"],
      cwd: `${folder}/elsewhere`,
      env: { DENO_DIR: `${folder}/cache`, NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stderr);
    assert.equal(code, 0, said);
    const result = JSON.parse(new TextDecoder().decode(stdout));
    assert.ok(result.accuracy > 0.95, `accuracy ${result.accuracy}`);
    assert.deepEqual(result.predicted, ["left", "right"]);
    assert.equal(result.probabilities, 2);
    assert.equal(result.kernels, "wasm");
    assert.equal(result.same, true);
    assert.equal(result.sameTeam, true);
    assert.ok(asked.includes("lib/ensemble/workers/team_worker.ts"));
    assert.ok(asked.includes("lib/ensemble/side_by_side/member_worker.ts"));
    assert.match(result.reason, /imported from the network/);
    assert.deepEqual(new Set(result.permissions), new Set(["prompt"]));
    assert.ok(asked.includes("mod.ts") && asked.includes("lib/kernels/wasm/kernels_wasm.ts"));
    assert.deepEqual(asked.filter((path) => !isThere(`${ROOT}${path}`)), []);
  } finally {
    await server.shutdown();
  }
});
