import { quotedPath } from "../../messages.ts";

const MOST_REDIRECTS = 10;

/**
 * Asks for an address and follows where it is redirected to, a host at a time: each is a request of its
 * own, for which permission may be missing.
 *
 * @throws {Error} If redirects do not end, lead nowhere, or lead from an encrypted address to one that
 * is not.
 */
export async function fetchFollowing(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(url, { headers, redirect: "manual", signal: signal ?? null });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    const next = location === null ? null : URL.parse(location, url);
    if (next === null || !/^https?:$/.test(next.protocol)) {
      throw new Error(
        `Cannot download ${quotedPath(address)}: found a redirect to ${
          location === null ? "nowhere" : quotedPath(location)
        }, need an address`,
      );
    }
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new Error(
        `Cannot download ${quotedPath(address)}: found a redirect to ${
          quotedPath(next.href)
        }, which is not ` +
          `encrypted, need https`,
      );
    }
    url = next;
  }
  throw new Error(
    `Cannot download ${
      quotedPath(address)
    }: found more than ${MOST_REDIRECTS} redirects, need fewer`,
  );
}
