/**
 * README.md, docs/ and results/README.md as a reader uses them: their code runs, their commands exist,
 * their links lead somewhere, and their tables say what the code says.
 */
import assert from "node:assert/strict";
import { datasetFromArrays, fit, save } from "../../mod.ts";
import { isThere, namesIn, newFolder, readText, writeFile } from "../files.ts";
import { denoTasks, ROOT, taskCommands } from "../tasks/run_task.ts";
import { defaultSettings, RECIPES } from "../../lib/settings/mod.ts";
import { anchors, codeBlocks, links, PAGES, prose, readPage, section, tables } from "./markdown.ts";
import { optionsOf } from "./task_help.ts";

/** A command line of a page. */
interface Command {
  readonly page: string;
  readonly task: string;
  /** The words behind the task's name. */
  readonly words: readonly string[];
}

/** Every `deno task` of a page's shell blocks. */
function commandsOf(page: string): Command[] {
  const lines = codeBlocks(readPage(page)).filter(({ language }) => language === "sh")
    .flatMap(({ code }) => code.trim().split("\n"));
  return lines.flatMap((line) => {
    const found = /^(?:npx --yes deno@[\d.]+|deno) task ([\w-]+)(.*?)( +#.*)?$/.exec(line);
    return found === null ? [] : [{ page, task: found[1], words: found[2].trim().split(/\s+/) }];
  });
}

/** The tasks that take options of their own. */
const PROGRAMS = taskCommands().map(({ name }) => name);

/** The command of a task that has some, such as `list` of `data`. */
function subcommand(task: string, words: readonly string[]): string | undefined {
  return task === "data" ? words[0] : undefined;
}

Deno.test("the pages are found", () => {
  assert.ok(PAGES.length >= 12);
  assert.ok(PAGES.flatMap(commandsOf).length > 50);
});

Deno.test("the TypeScript of all pages runs without any permission", async () => {
  const pages = PAGES.filter((page) =>
    codeBlocks(readPage(page)).some(({ language }) => language === "ts")
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // Their types are checked by `deno task check`, together with all others.
    args: ["test", "--doc", "--no-prompt", "--no-check", ...pages],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout);
  assert.equal(code, 0, said + new TextDecoder().decode(stderr));
  const blocks = pages.flatMap((page) => codeBlocks(readPage(page)))
    .filter(({ language }) => language === "ts");
  assert.match(said, new RegExp(`ok \\| ${blocks.length} passed`));
});

Deno.test("the types of all pages are checked with those of the library", () => {
  const words = denoTasks().check.command.split(" ");
  assert.ok(words.includes("--doc"));
  const isChecked = (page: string) =>
    words.some((word) => page === word || page.startsWith(`${word}/`));
  for (const page of PAGES) assert.ok(isChecked(page), page);
});

Deno.test("every block of code is of a kind that a test looks at", () => {
  for (const page of PAGES) {
    for (const { language, code } of codeBlocks(readPage(page))) {
      // What is bash is a whole script: that of workers on Slurm, which tests/slurm runs.
      assert.ok(
        ["ts", "js", "sh", "json", "python", "c", "bash"].includes(language),
        `${page}: ${language}`,
      );
      if (language === "json") JSON.parse(code);
      if (language !== "sh") continue;
      for (const line of code.trim().split("\n")) {
        assert.match(line, /^(deno|npx --yes deno@\d+\.\d+\.\d+) (task [\w-]+|run )/, page);
      }
    }
  }
});

Deno.test("every command of a page names a task and options that exist", async () => {
  const tasks = denoTasks();
  for (const { page, task, words } of PAGES.flatMap(commandsOf)) {
    assert.ok(task in tasks, `${page}: deno task ${task}`);
    const options = words.filter((word) => word.startsWith("--"));
    if (options.length === 0) continue;
    assert.ok(PROGRAMS.includes(task), `${page}: deno task ${task} has no options`);
    const known = await optionsOf(task, subcommand(task, words));
    for (const option of options) {
      assert.ok(known.has(option), `${page}: deno task ${task} ${option}`);
    }
  }
});

Deno.test("every task and every option in a sentence exists", async () => {
  const known = new Set(["--install", "--help", "--allow-all", "--no-prompt"]);
  // Of `deno publish`, `deno doc` and `npm publish`.
  for (const option of ["--dry-run", "--lint", "--access"]) known.add(option);
  for (const name of PROGRAMS) {
    for (const option of await optionsOf(name)) known.add(option);
  }
  for (const page of PAGES) {
    const spans = readPage(page).replaceAll(/^```[^]*?^```$/gm, "").matchAll(/`([^`]+)`/g);
    for (let [, code] of spans) {
      // From another folder, the project is named before the task.
      code = code.replace(" --config PATH/deno.json", "");
      const task = /^deno task ([\w-]+)/.exec(code)?.[1];
      if (task !== undefined) assert.ok(task in denoTasks(), `${page}: ${code}`);
      if (/^--allow-\w+=/.test(code)) continue;
      for (const [option] of code.matchAll(/(?<![\w-])--[a-z][\w-]*/g)) {
        if (/^--(folder|all|from|mirror|yes)$/.test(option)) continue;
        assert.ok(known.has(option), `${page}: ${code}`);
      }
    }
  }
});

/** The options in the first columns of a section's tables. */
function listedOptions(page: string): string[] {
  return tables(page).flatMap((table) =>
    table.flatMap(([first]) => /^`(--[\w-]+)`$/.exec(first)?.[1] ?? [])
  );
}

Deno.test("docs/tasks.md lists every task with all of its options, and no others", async () => {
  const page = readPage("docs/tasks.md");
  const general = ["--debug", "--help", "--quiet", "--version"];
  const settings = listedOptions(section(page, "Settings"));
  assert.ok(settings.length > 40);
  for (const name of PROGRAMS) {
    const text = section(page, name);
    const shared = text.includes("All [settings](#settings) are options too") ? settings : [];
    const commands = name === "data" ? ["list", "show", "fetch", "verify", "balance"] : [undefined];
    for (const command of commands) {
      const own = command === undefined ? text : section(page, `data ${command}`);
      const listed = [...listedOptions(own), ...shared, ...general];
      assert.equal(new Set(listed).size, listed.length, `${name}: an option stands there twice`);
      const expected = [...await optionsOf(name, command)];
      assert.deepEqual(listed.toSorted(), expected.toSorted(), `${name} ${command ?? ""}`);
    }
    const examples = codeBlocks(text).filter(({ code }) => code.includes(`deno task ${name}`));
    assert.ok(examples.length > 0, `${name} has no example`);
  }
  for (const name of Object.keys(denoTasks())) {
    assert.ok(page.includes(`deno task ${name}`), `${name} is missing`);
  }
});

Deno.test("every relative link of a page leads to a file, and every anchor to a heading", () => {
  for (const page of PAGES) {
    for (const target of links(readPage(page))) {
      if (/^https:/.test(target)) continue;
      const { pathname, hash } = new URL(target, `file:///${page}`);
      const path = pathname.slice(1);
      assert.ok(isThere(`${ROOT}${path}`), `${page}: ${target}`);
      if (hash === "") continue;
      const headings = anchors(readPage(path));
      assert.ok(headings.includes(decodeURIComponent(hash.slice(1))), `${page}: ${target}`);
    }
  }
});

Deno.test("an anchor is made as GitHub makes it", () => {
  const headings = "# `sweep-run`, and *more*\n\n## What a run's file is: [here](there.md)\n";
  assert.deepEqual(anchors(headings), ["sweep-run-and-more", "what-a-runs-file-is-here"]);
});

Deno.test("docs/permissions.md says what deno.json gives", () => {
  const kinds = ["read", "write", "env", "ffi", "run", "net", "sys"];
  const expected = taskCommands().map(({ name, flags }) => [
    `\`${name}\``,
    ...kinds.map((kind) => {
      const flag = flags.find((flag) => flag.split("=")[0] === `--allow-${kind}`);
      if (flag === undefined) return "";
      const [, values] = flag.split("=");
      return values === undefined
        ? "any"
        : values.split(",").map((value) => `\`${value}\``).join(" ");
    }),
  ]);
  assert.deepEqual(tables(readPage("docs/permissions.md"))[0].slice(1), expected);
});

Deno.test("docs/permissions.md says how far a fault in a task could reach", () => {
  const expected = taskCommands().map(({ name, flags }) => [`\`${name}\``, ...reachOf(flags)]);
  assert.deepEqual(tables(readPage("docs/permissions.md"))[1].slice(1), expected);
});

/** What could be read, changed, started and reached by whoever has taken a task over. */
function reachOf(flags: readonly string[]): string[] {
  const given = (kind: string) => {
    const flag = flags.find((flag) => flag.split("=")[0] === `--allow-${kind}`);
    if (flag === undefined) return "nothing";
    const [, values] = flag.split("=");
    return values === undefined ? "anything" : values.split(",").map((it) => `\`${it}\``).join(" ");
  };
  const [read, write, run, ffi, net] = ["read", "write", "run", "ffi", "net"].map(given);
  // A program that is started has no permissions, and neither has a library that is loaded.
  const starts = run !== "nothing"
    ? "anything, through a program"
    : ffi === "anything" || ffi !== "nothing" && [ffi, "anything"].includes(write)
    ? "anything, through a library"
    : ffi === "nothing"
    ? "nothing"
    : `what is in ${ffi}`;
  if (starts.startsWith("anything")) return ["anything", "anything", starts, "anything"];
  return [read, write, starts, net];
}

Deno.test("docs/house.md lists every room once, each below all that it uses", () => {
  const rooms = tables(section(readPage("docs/house.md"), "The rooms, from the ground up"))[0]
    .slice(1).map(([room]) => room);
  const folders = namesIn(`${ROOT}lib`).filter((name) => !name.endsWith(".ts"));
  assert.deepEqual(rooms.toSorted(), folders);
  rooms.forEach((room, floor) => {
    for (const path of sources(`lib/${room}`)) {
      for (const [, specifier] of readText(`${ROOT}${path}`).matchAll(/ from "(\.[^"]+)"/g)) {
        const [, used] = new URL(specifier, `file:///${path}`).pathname.slice(1).split("/");
        const below = rooms.indexOf(used);
        assert.ok(below <= floor, `${path} uses ${used}, which stands below ${room} in the table`);
      }
    }
  });
});

function sources(folder: string): string[] {
  return namesIn(`${ROOT}${folder}`).flatMap((name) =>
    name.endsWith(".ts")
      ? [`${folder}/${name}`]
      : Deno.statSync(`${ROOT}${folder}/${name}`).isDirectory
      ? sources(`${folder}/${name}`)
      : []
  );
}

Deno.test("docs/methods.md has the defaults of both recipes", () => {
  const [, ...rows] = tables(section(readPage("docs/methods.md"), "Recipes"))[1];
  assert.ok(rows.length > 10);
  for (const [option, ...cells] of rows) {
    const key = option.replaceAll(/[`]|--/g, "").replaceAll(
      /-(\w)/g,
      (_, letter) => letter.toUpperCase(),
    );
    RECIPES.forEach((recipe, r) => {
      const value = Object.entries(defaultSettings(undefined, recipe)).find(([name]) =>
        name === key
      )?.[1];
      // What a run need not have is a whole: 1 neuron a block, all of the epochs.
      assert.equal(cells[r].replaceAll("`", ""), String(value ?? 1), `${option}, ${recipe}`);
    });
  }
  const { trials, candidates, members } = defaultSettings(undefined, "modern");
  const networks = trials * candidates.length + members;
  const said = `It trains ${networks} networks, ten of which are trials`;
  assert.equal(trials * candidates.length, 10);
  assert.ok(prose(readPage("docs/methods.md")).includes(said));
});

Deno.test("deno publish ships the library and its pages, and nothing else", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, said);
  assert.match(said, /^Checking for slow types/m);
  // Imports by a name that is worked out are of libraries, or of the user's own modules.
  const remarks = Array.from(said.matchAll(/^(?:warning|error)\[([\w-]+)\]/gm), ([, kind]) => kind);
  assert.deepEqual(remarks.filter((kind) => kind !== "unanalyzable-dynamic-import"), []);
  const shipped = Array.from(
    said.matchAll(/^ +file:\/\/(\S+) \(/gm),
    ([, path]) => decodeURIComponent(path).slice(ROOT.length),
  );
  assert.ok(shipped.length > 250, said);
  const strange = shipped.filter((path) =>
    !/^(mod\.ts|deno\.json|LICENSE|README\.md|docs\/\w+\.md|lib\/.+)$/.test(path) ||
    /^lib\/(benchmarks|notebooks|playground)\//.test(path)
  );
  assert.deepEqual(strange, []);
  for (const path of ["mod.ts", "lib/kernels/wasm/kernels_wasm.ts", "lib/kernels/c/kernels.c"]) {
    assert.ok(shipped.includes(path), `${path} is not shipped`);
  }
});

Deno.test({
  name: "the Python of docs/model_file.md reads a model, with safetensors and SciPy",
  ignore: !await canImport("safetensors, scipy"),
  fn: async () => {
    const features = Array.from({ length: 200 }, (_, row) => [row % 20, Math.floor(row / 20)]);
    const labels = features.map(([x]) => x < 10 ? "left" : "right");
    const settings = { hidden: [30, 30], epsilon: 3, epochs: 10, explore: 5, members: 1 };
    const dataset = datasetFromArrays({ features, labels });
    const model = await fit(dataset, { method: "fd", ...settings, batchSize: 32 });
    const folder = newFolder();
    save(model, `${folder}/model.safetensors`);
    const [{ code }] = codeBlocks(readPage("docs/model_file.md"))
      .filter(({ language }) => language === "python");
    writeFile(`${folder}/read.py`, `${code}\nprint(w.shape, w.nnz)\n`);
    const { stdout, stderr } = await new Deno.Command("python3", {
      args: ["read.py"],
      cwd: folder,
    }).output();
    const layer = model.members[0].layers[1];
    assert.ok("indices" in layer, new TextDecoder().decode(stderr));
    assert.equal(new TextDecoder().decode(stdout), `(30, 30) ${layer.indices.length}\n`);
  },
});

async function canImport(modules: string): Promise<boolean> {
  try {
    const python = new Deno.Command("python3", { args: ["-c", `import ${modules}`] });
    return (await python.output()).success;
  } catch {
    return false;
  }
}
