/** The playground in a real browser, from the table to the model's file. */
import assert from "node:assert/strict";
import {
  builtinDatasetPath,
  load,
  randomStream,
  readDataset,
  score,
  splitDataset,
} from "../../mod.ts";
import { browser } from "../browser.ts";
import { newFolder, readBytes, readJsonFile, readText } from "../files.ts";
import { runTask } from "../tasks/run_task.ts";
import { openPage } from "./devtools.ts";
import { choose, dropFile, siteAddress, text, textOf, the, untilTrained } from "./site.ts";

const ignore = browser === null;

Deno.test({
  name:
    "by keyboard alone: the built-in data are trained on, and the model is that of deno task train",
  ignore,
  async fn() {
    const address = await siteAddress();
    await using page = await openPage(address);
    const focused = () => page.run("document.activeElement.id");
    const tabTo = async (id: string) => {
      for (let presses = 0; presses < 40; presses++) {
        if (await focused() === id) return;
        await page.press("Tab");
      }
      assert.fail(`Tab never comes to ${id}`);
    };
    await tabTo("file");
    await tabTo("builtin");
    await page.press("Enter");
    await page.until(`${the("target-facts")}.textContent !== ""`);
    assert.equal(
      await textOf(page, "target-facts"),
      "class has 7 different values in 2,310 rows.",
    );
    assert.equal(await page.run(`${the("target")}.value`), "class");
    await tabTo("members");
    await page.run(`${the("members")}.value = "2"`);
    await tabTo("train");
    await page.press("Enter");
    await page.until(`!${the("training")}.hidden`);
    assert.equal(await focused(), "training-title");
    await page.until(`${the("layer")}.querySelector(".gained") !== null`);
    assert.equal(await page.run(`${the("train")}.disabled`), true);
    await untilTrained(page);
    assert.match(
      await textOf(page, "announced"),
      /^Finished in .* Most connections were gained by /,
    );

    await tabTo("save");
    await page.press("Enter");
    const file = await page.downloaded();
    assert.match(file, /\/segment\.safetensors$/);

    // Nothing was asked for but the page, and the worker that it made of itself.
    const others = page.requests.filter((request) => !request.startsWith("blob:"));
    assert.deepEqual(others, [address]);
    assert.deepEqual(page.complaints, []);

    const { dataset } = await readDataset(builtinDatasetPath("segment"), { target: "class" });
    const { test } = splitDataset(dataset, 0.2, randomStream(1, "test"));
    const model = load(file);
    const shown = Number(/^[\d.]+/.exec(await textOf(page, "great"))![0]);
    assert.ok(Math.abs(shown - 100 * score(model, test)) < 0.051);
    assert.ok(shown > 94, `${shown} %`);

    const command = await textOf(page, "train-command");
    const words = Array.from(command.matchAll(/'([^']*)'|(\S+)/g), (m) => m[1] ?? m[2]).slice(3);
    const folder = newFolder();
    const { code, stderr } = await runTask("train", [
      builtinDatasetPath("segment"),
      ...words.slice(1),
      ...["--out", `${folder}/run`, "--quiet"],
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(Math.round(readJsonFile(`${folder}/run/record.json`).accuracy * 1000) / 10, shown);
    assert.deepEqual(readBytes(file), readBytes(`${folder}/run/model.safetensors`));

    const predicted = await runTask("predict", [file, builtinDatasetPath("segment")]);
    assert.equal(predicted.code, 0, predicted.stderr);
    assert.equal(predicted.stdout.trim().split("\n").length, 2311);
  },
});

/** A table with a word of everything: numbers, words, dates, missing values, and a number to predict. */
function houses(): string {
  const random = randomStream(1, "houses");
  let table = "area;street;built;rooms;price\n";
  for (let row = 0; row < 400; row++) {
    const [area, rooms] = [40 + random.below(200), 1 + random.below(6)];
    const street = ["Elm", "Oak", "Ash"][random.below(3)];
    const price = 1000 * area + (street === "Oak" ? 50_000 : 0) + 2000 * rooms;
    const day = `20${10 + random.below(10)}-0${1 + random.below(9)}-15`;
    table += `${row % 9 === 0 ? "" : area};${street};${day};${rooms};${price}\n`;
  }
  return table;
}

Deno.test({
  name: "a table of one's own: numbers are predicted, and a row is tried by sliders and lists",
  ignore,
  async fn() {
    await using page = await openPage(await siteAddress());
    await dropFile(page, "houses.csv", text(houses()));
    await page.until(`!${the("table-view")}.hidden`);
    assert.match(
      await textOf(page, "table-facts"),
      /^houses\.csv has 400 rows of 5 columns, \d+ kB in all\./,
    );
    assert.equal(await page.run(`${the("preview")}.rows.length`), 6);
    await choose(page, "target", "price");
    await page.until(`${the("target-facts")}.textContent !== ""`);
    assert.equal(
      await page.run("document.querySelector('[name=task]:checked').value"),
      "regression",
    );
    await choose(page, "members", "1");
    await page.run(`${the("train")}.click()`);
    await untilTrained(page);
    assert.ok(Number(await textOf(page, "great")) > 0.5, await textOf(page, "great"));
    assert.equal(await page.run(`${the("accuracy-figure")}.hidden`), true);
    assert.match(await textOf(page, "remarks"), /Column "built" is read as/);
    assert.ok(await page.run(`${the("confusion")}.querySelectorAll("circle").length`) > 50);

    const set = async (name: string, script: string) => {
      const before = await textOf(page, "answer");
      await page.run(`{
        const label = [...document.querySelectorAll(".control label")]
          .find((label) => label.querySelector(".name").textContent === ${JSON.stringify(name)});
        const control = label.control;
        ${script}
        control.dispatchEvent(new Event(control.type === "range" ? "input" : "change"));
      }`);
      await page.until(`${the("answer")}.textContent !== ${JSON.stringify(before)}`);
      return Number((await textOf(page, "answer")).replaceAll(",", ""));
    };
    const small = await set("area", "control.valueAsNumber = 60;");
    const large = await set("area", "control.valueAsNumber = 220;");
    assert.ok(large > small + 30_000, `${small}, ${large}`);
    const options = await page.run(`[...document.querySelector(".control select").options]
      .map((option) => option.text)`);
    assert.deepEqual(options, ["Ash", "Elm", "Oak", "(missing)"]);
    const places = (street: string) =>
      `control.value = [...control.options]
      .find((option) => option.text === "${street}").value;`;
    await set("street", places("(missing)"));
    assert.ok(await set("street", places("Oak")) > await set("street", places("Elm")));
    assert.deepEqual(page.complaints, []);
  },
});

Deno.test({
  name: "training stops where one asks, and finished members stay",
  ignore,
  async fn() {
    await using page = await openPage(await siteAddress());
    await page.run(`${the("builtin")}.click()`);
    await page.until(`${the("target-facts")}.textContent !== ""`);
    await choose(page, "members", "12");
    await page.run(`${the("train")}.click(), ${the("stop")}.click()`);
    await page.until(`${the("status")}.textContent.startsWith("Stopped")`);
    assert.match(await textOf(page, "status"), /^Stopped before the first member was finished/);
    assert.equal(await page.run(`${the("outcome")}.hidden`), true);

    await page.run(`${the("train")}.click()`);
    const isInSecond = `${the("status")}.textContent.startsWith("Member 2")`;
    await page.until(`${isInSecond} && (${the("stop")}.click(), true)`);
    await untilTrained(page);
    assert.match(
      await textOf(page, "great-facts"),
      /Training was stopped at \d+ of 12 members\./,
    );
    assert.match(await textOf(page, "train-command"), / --members ([1-9]|1[01]) /);
  },
});

Deno.test({
  name: "mistakes are told in sentences",
  ignore,
  async fn() {
    await using page = await openPage(await siteAddress());
    const failure = async (name: string, content: string) => {
      await page.run(`${the("table-error")}.textContent = ""`);
      await dropFile(page, name, content);
      await page.until(`${the("table-error")}.textContent !== ""`);
      return await textOf(page, "table-error");
    };
    assert.equal(
      await failure("empty.csv", text("")),
      'Cannot read "empty.csv": found an empty file, need a header row',
    );
    assert.match(
      await failure("sheet.xlsx", text("PK\x03\x04 and more")),
      /^Cannot read "sheet\.xlsx", line 1: found a workbook .*: save the sheet as CSV UTF-8$/,
    );
    assert.match(
      await failure("one.csv", text("alone\n1\n2\n")),
      /^Cannot learn from "one\.csv": found the one column "alone", need a target and/,
    );
    assert.equal(
      await failure("broken.csv", text("a,b\n1,yes\n2,no,3\n")),
      'Cannot read "broken.csv", line 3: found 3 fields, need 2',
    );
    assert.equal(
      await failure("header.csv", text("a,b\n")),
      'Cannot read "header.csv": found a header only, need at least one row',
    );
    assert.match(
      await failure("big.csv", "new Uint8Array(65 * 2 ** 20)"),
      /^Cannot take "big\.csv": found 68\.2 MB, need at most 64 MB; the command line takes/,
    );
    assert.match(
      await failure("cut.csv.gz", "new Uint8Array([0x1f, 0x8b, 8, 0, 0])"),
      /^Cannot read "cut\.csv\.gz": found broken gzip data, need the whole file$/,
    );

    const choiceFailure = async (table: string, target: string | null) => {
      await dropFile(page, "table.csv", text(table));
      const names = table.split("\n")[0].split(",");
      await page.until(`[...${the("target")}.options].at(-1)?.value === "${names.at(-1)}"`);
      await page.run(`${the("choice-error")}.textContent = ""`);
      if (target !== null) {
        await choose(page, "target", target);
        await page.until(`(${the("target-facts")}.textContent +
          ${the("choice-error")}.textContent).trim() !== ""`);
      }
      await page.run(`${the("train")}.click()`);
      await page.until(`${the("choice-error")}.textContent !== "" && !${the("train")}.disabled`);
      return await textOf(page, "choice-error");
    };
    assert.match(
      await choiceFailure("a,b\n1,2\n3,4\n", null),
      /^Cannot train yet: found no target, need the column to predict/,
    );
    assert.equal(
      await choiceFailure("a,c\n1,yes\n2,yes\n3,yes\n", "c"),
      'Cannot learn from "table.csv", column "c": found the one class "yes", need at least two',
    );
    assert.equal(
      await choiceFailure("a,d\n1,yes\n2,\n3,no\n4,yes\ninf,no\n", "d"),
      'Cannot read "table.csv", line 6, column "a": found "inf", need a finite number',
    );
    // Training did not begin. Another choice is at hand.
    assert.equal(await page.run(`${the("training")}.hidden`), true);
    assert.equal(await page.run("document.activeElement.id"), "target");
  },
});

Deno.test({
  name: "neither the page nor its worker can connect to anything",
  ignore,
  async fn() {
    await using page = await openPage(await siteAddress());
    // A server that is there: it is the policy that refuses.
    let asked = 0;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
      asked++;
      return new Response("", { headers: { "access-control-allow-origin": "*" } });
    });
    const address = `http://127.0.0.1:${server.addr.port}/`;
    const attempts = `Promise.all([
      fetch("${address}").then(() => "sent", () => "refused"),
      new Promise((resolve) => {
        const image = new Image();
        image.onload = image.onerror = () => resolve("image");
        image.src = "${address}image.png";
      }),
      new Promise((resolve) => {
        const script = "fetch('${address}').then(() => postMessage('sent'), () => postMessage('refused'))";
        const worker = new Worker(URL.createObjectURL(new Blob([script])));
        worker.onmessage = ({ data }) => resolve(data);
      }),
    ])`;
    assert.deepEqual(await page.run(attempts), ["refused", "image", "refused"]);
    assert.equal(asked, 0);
    assert.ok(page.complaints.some((text) => /Content Security Policy/.test(text)));
    assert.equal(/'unsafe-(inline|eval)'/.test(readText(new URL(await siteAddress()))), false);
  },
});
