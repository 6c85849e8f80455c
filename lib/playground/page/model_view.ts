/**
 * Shows the model's file for download, and the commands that use it.
 *
 * @module
 */
import type { Outcome } from "../messages.ts";
import { byId } from "./elements.ts";
import { counted, size } from "./numbers.ts";

/** The view. */
export interface ModelView {
  show(outcome: Outcome): void;
  /** Starts the download of the file. */
  download(name: string, bytes: Uint8Array<ArrayBuffer>): void;
}

/** Opens the view. */
export function modelView(save: () => void): ModelView {
  byId("save").addEventListener("click", save);
  return {
    show({ members, fileBytes, commands }) {
      byId("keep-facts").textContent = `The model is one file of ${size(fileBytes)}: ${
        counted(members, "sparse network")
      }, the preparation of the columns, and the settings. The command line opens it as it is.`;
      byId("predict-command").textContent = commands.predict;
      byId("train-command").textContent = commands.train;
    },
    download(name, bytes) {
      const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
      const link = document.createElement("a");
      [link.href, link.download] = [address, name];
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
  };
}
