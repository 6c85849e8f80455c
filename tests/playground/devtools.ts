/**
 * A page in a real browser, driven through the DevTools protocol
 * (https://chromedevtools.github.io/devtools-protocol).
 *
 * @module
 */
import { newFolder } from "../files.ts";

/** The answer of a command, or the content of an event. */
// deno-lint-ignore no-explicit-any
type Content = any;

/** A message of the browser. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Content;
  readonly result?: Content;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** A page that is open. */
export interface Page extends AsyncDisposable {
  /** The addresses of all requests of the page and its workers so far. */
  readonly requests: string[];
  /** What the page reported: errors, warnings, and what its policy refused. */
  readonly complaints: string[];
  /** Sends a command. */
  send(method: string, params?: Record<string, unknown>): Promise<Content>;
  /** Sends a command to the browser itself. */
  sendToBrowser(method: string): Promise<Content>;
  /** The value of an expression in the page; a promise is awaited. */
  run(expression: string): Promise<Content>;
  /** Waits until an expression is true. Fails with what the page shows if that takes too long. */
  until(expression: string, seconds?: number): Promise<void>;
  /** Presses a key, such as `Tab`, `Enter` or a letter. */
  press(key: string): Promise<void>;
  /** A picture of the whole page, as a PNG file. */
  picture(path: string): Promise<void>;
  /** Opens another address. */
  open(address: string): Promise<void>;
  /** The paths of the downloads that are complete. */
  readonly downloads: string[];
  /** Waits until a file was downloaded, and gives its path. */
  downloaded(): Promise<string>;
}

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  /** A telephone: it is touched, and its pixels are smaller. */
  readonly isPhone?: boolean;
}

/** Opens a page in a browser of its own. */
export async function openPage(
  address: string,
  { width = 1200, height = 900, isDark = false, isPhone = false }: Look = {},
): Promise<Page> {
  const child = new Deno.Command("chromium", {
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars"],
      ...["--remote-debugging-port=0", `--user-data-dir=${newFolder()}`, "about:blank"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const { socketAddress, rest } = await listening(child.stderr);
  const socket = new WebSocket(socketAddress);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`Cannot connect to ${socketAddress}`));
  });

  const waiting = new Map<number, (message: Message) => void>();
  const [requests, complaints]: [string[], string[]] = [[], []];
  const [folder, downloads, begun] = [newFolder(), [] as string[], new Map<string, string>()];
  let onDownload = () => {};
  let ids = 0;

  function sendTo(sessionId: string | undefined, method: string, params: object = {}) {
    const id = ++ids;
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise<Content>((resolve, reject) => {
      waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  /** Watches a page or a worker, and what it starts in turn. */
  async function watch(sessionId: string): Promise<void> {
    const autoAttach = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
    await sendTo(sessionId, "Target.setAutoAttach", autoAttach);
    for (const domain of ["Network", "Runtime", "Log"]) {
      // Not every target knows every domain.
      await sendTo(sessionId, `${domain}.enable`).catch(() => {});
    }
    await sendTo(sessionId, "Runtime.runIfWaitingForDebugger").catch(() => {});
  }

  socket.onmessage = ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id !== undefined) {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
      return;
    }
    const { method, params } = message;
    if (method === "Network.requestWillBeSent") requests.push(params.request.url);
    if (method === "Target.attachedToTarget") watch(params.sessionId);
    if (method === "Browser.downloadWillBegin") begun.set(params.guid, params.suggestedFilename);
    if (method === "Browser.downloadProgress" && params.state === "completed") {
      downloads.push(`${folder}/${begun.get(params.guid)}`);
      onDownload();
    }
    if (method === "Log.entryAdded") complaints.push(params.entry.text);
    if (method === "Runtime.exceptionThrown") {
      const { text, exception } = params.exceptionDetails;
      complaints.push(exception?.description ?? text);
    }
    if (method === "Runtime.consoleAPICalled" && ["error", "warning"].includes(params.type)) {
      complaints.push(JSON.stringify(params.args));
    }
  };

  const { targetId } = await sendTo(undefined, "Target.createTarget", { url: "about:blank" });
  const { sessionId } = await sendTo(undefined, "Target.attachToTarget", {
    targetId,
    flatten: true,
  });
  const send = (method: string, params: object = {}) => sendTo(sessionId, method, params);
  await watch(sessionId);
  await send("Page.enable");
  await send("Emulation.setDeviceMetricsOverride", {
    ...{ width, height, mobile: isPhone, deviceScaleFactor: isPhone ? 2 : 1 },
  });
  if (isPhone) await send("Emulation.setTouchEmulationEnabled", { enabled: true });
  const scheme = { name: "prefers-color-scheme", value: isDark ? "dark" : "light" };
  await send("Emulation.setEmulatedMedia", { features: [scheme] });
  const downloading = { behavior: "allow", downloadPath: folder, eventsEnabled: true };
  await sendTo(undefined, "Browser.setDownloadBehavior", downloading);

  const page: Page = {
    requests,
    complaints,
    downloads,
    send,
    sendToBrowser: (method) => sendTo(undefined, method),
    async run(expression) {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails === undefined) return result.value;
      throw new Error(
        `${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`,
      );
    },
    async until(expression, seconds = 300) {
      // The page itself waits, a frame after the other.
      const isTrue = await page.run(`new Promise((resolve) => {
        const end = performance.now() + ${seconds * 1000};
        (function look() {
          if (${expression}) resolve(true);
          else if (performance.now() > end) resolve(false);
          else setTimeout(look, 20);
        })();
      })`);
      if (isTrue) return;
      const shown = await page.run("document.body.innerText");
      throw new Error(`It never came: ${expression}\n${shown}\n${complaints.join("\n")}`);
    },
    async downloaded() {
      if (downloads.length === 0) await new Promise<void>((resolve) => onDownload = resolve);
      return downloads[downloads.length - 1];
    },
    async press(key) {
      const code = { Tab: 9, Enter: 13, " ": 32, ArrowDown: 40, ArrowRight: 39 }[key] ?? 0;
      const text = key === "Enter" ? "\r" : key.length === 1 ? key : undefined;
      const event = { key, code: key === " " ? "Space" : key, windowsVirtualKeyCode: code };
      await send("Input.dispatchKeyEvent", { type: "keyDown", ...event, text });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    },
    async picture(path) {
      const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: true });
      await Deno.writeFile(path, Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)));
    },
    async open(address) {
      const loaded = new Promise<void>((resolve) => {
        socket.addEventListener("message", function hear({ data }) {
          if (JSON.parse(data).method !== "Page.loadEventFired") return;
          socket.removeEventListener("message", hear);
          resolve();
        });
      });
      const { errorText } = await send("Page.navigate", { url: address });
      if (errorText !== undefined) throw new Error(`Cannot open ${address}: ${errorText}`);
      await loaded;
    },
    async [Symbol.asyncDispose]() {
      await sendTo(undefined, "Browser.close").catch(() => {});
      await child.status;
      await rest;
      if (socket.readyState !== WebSocket.CLOSED) {
        await new Promise((resolve) => {
          socket.onclose = resolve;
          socket.close();
        });
      }
    },
  };
  await page.open(address);
  return page;
}

/** The address at which the browser listens, which it says first, and the end of what else it says. */
async function listening(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const lines = stream.pipeThrough(new TextDecoderStream());
  const reader = lines.getReader();
  let said = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Chromium ended: ${said}`);
    said += value;
    const found = /DevTools listening on (ws:\S+)/.exec(said);
    if (found === null) continue;
    const rest = (async () => {
      while (!(await reader.read()).done);
    })();
    return { socketAddress: found[1], rest };
  }
}
