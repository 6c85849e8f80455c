/**
 * The state of the worker: the open table and the trained ensemble, one of each.
 *
 * @module
 */
import { readCsvDataset } from "../../data/formats/mod.ts";
import { type Dataset, splitDataset } from "../../data/table/mod.ts";
import { encodeSafetensors } from "../../files/mod.ts";
import { encodeModel, type Model, openPredictor, type Predictor } from "../../model/mod.ts";
import { randomStream } from "../../random.ts";
import type { Answer, Outcome, Prediction, Request } from "../messages.ts";
import { commandsFor, modelName } from "./commands.ts";
import { importanceNews } from "./importance_news.ts";
import { scoreOn, testRows, triedColumns } from "./outcome.ts";
import { messageOf, plainWords } from "./plain_words.ts";
import { playgroundSettings, SEED, TEST_FRACTION } from "./recipe.ts";
import { describeTarget, openTable, type Table } from "./table.ts";
import { trainHere } from "./training.ts";

/** Sends an answer to the page. */
export type Tell = (answer: Answer, transfer?: Transferable[]) => void;

/** A worker's conversation with its page. */
export interface Session {
  /** Handles a request. Every answer goes to the page, including failures. */
  hear(request: Request): Promise<void>;
}

/** Opens a session. */
export function openSession(tell: Tell): Session {
  let table: Table | null = null;
  let trained: { readonly model: Model; readonly predictor: Predictor } | null = null;
  let isStopped = false;

  async function train(request: Extract<Request, { type: "train" }>): Promise<void> {
    const { target, task } = request;
    isStopped = false;
    trained?.predictor.dispose();
    trained = null;
    const { dataset, remarks } = await readCsvDataset(needed(table).bytes, needed(table).name, {
      target,
      task,
      missingTarget: "skip",
    });
    const { train, test } = splitDataset(dataset, TEST_FRACTION, randomStream(SEED, "test"));
    const settings = playgroundSettings(task, request.members, train.rows);
    const { model, seconds } = await trainHere(train, settings, {
      tell,
      isStopped: () => isStopped,
      plan: { testRows: test.rows, remarks: remarks.map(plainWords) },
    });
    if (model === null) return tell({ type: "stopped" });
    tell({ type: "scoring" });
    trained = { model, predictor: openPredictor(model) };
    const skipsRows = remarks.some((remark) => remark.startsWith("Rows that are left out"));
    const commands = commandsFor(needed(table).name, target, model.settings, skipsRows);
    tell({
      type: "finished",
      outcome: outcomeOf(model, dataset, test, { planned: request.members, seconds, commands }),
    });
    // Waits, so that the page shows the first results before the slower work begins.
    await new Promise((resolve) => setTimeout(resolve, 0));
    tell(importanceNews(model, test));
  }

  async function answer(request: Request): Promise<void> {
    switch (request.type) {
      case "open": {
        const { table: next, opened } = await openTable(request.name, request.bytes);
        table = next;
        return tell({ type: "opened", table: opened });
      }
      case "describe": {
        const described = await describeTarget(needed(table), request.target);
        return tell({ type: "described", described });
      }
      case "train":
        return await train(request);
      case "stop":
        isStopped = true;
        return;
      case "predict": {
        const { model, predictor } = needed(trained);
        const prediction = predictionOf(model, predictor, request.row);
        return tell({ type: "predicted", prediction });
      }
      case "save": {
        const bytes = modelBytes(needed(trained).model);
        const name = modelName(needed(table).name);
        return tell({ type: "saved", name, bytes }, [bytes.buffer]);
      }
    }
  }

  return {
    async hear(request) {
      try {
        await answer(request);
      } catch (error) {
        tell({ type: "failed", request: request.type, message: messageOf(error) });
      }
    },
  };
}

/** Refuses a request that comes too early. */
function needed<Value>(value: Value | null): Value {
  if (value === null) throw new TypeError("Cannot go on: found no table, need one first");
  return value;
}

function outcomeOf(
  model: Model,
  dataset: Dataset,
  test: Dataset,
  facts: Pick<Outcome, "planned" | "seconds" | "commands">,
): Outcome {
  const layers = model.members.flatMap(({ layers }) => layers);
  return {
    ...facts,
    members: model.members.length,
    testRows: test.rows,
    score: scoreOn(model, test),
    columns: triedColumns(model, dataset),
    rows: testRows(model, test),
    targetNotation: model.targetNotation ?? null,
    connections: layers.reduce(
      (sum, layer) => sum + (layer.kind === "sparse" ? layer.data : layer.weights).length,
      0,
    ),
    denseConnections: layers.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0),
    fileBytes: modelBytes(model).length,
  };
}

/** The content of a model's file. */
function modelBytes(model: Model): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = encodeModel(model);
  const pieces = encodeSafetensors(tensors, metadata);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    bytes.set(piece, place);
    place += piece.length;
  }
  return bytes;
}

function predictionOf(
  { targetScaling }: Model,
  predictor: Predictor,
  row: readonly (number | string | null)[],
): Prediction {
  return targetScaling === undefined
    ? { kind: "classes", probabilities: [...predictor.predictProba([row])] }
    : { kind: "number", value: predictor.predictValues([row])[0] };
}
