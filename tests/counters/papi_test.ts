import assert from "node:assert/strict";
import { openPapi } from "../../lib/counters/papi.ts";
import { publishSoftwareEvent } from "../../lib/counters/software_event.ts";
import { buildFakePapi, hasCompiler } from "./fake_papi.ts";
import { missing } from "./installed.ts";

const real = (name: string, fn: () => void) =>
  Deno.test({ name: `${name} (needs libpapi 7)`, ignore: missing !== null, fn });

real("an event set counts what is added between start and stop", () => {
  const event = publishSoftwareEvent();
  using papi = openPapi();
  using set = papi.eventSet([event.name]);
  event.add(1_000_000);
  set.start();
  assert.deepEqual(set.read(), [0]);
  event.add(17);
  assert.deepEqual(set.read(), [17]);
  event.add(4_000_000_000_000);
  assert.deepEqual(set.stop(), [4_000_000_000_017]);
  event.add(5);
  assert.deepEqual(set.read(), [4_000_000_000_017]);
});

real("an event set that is started again counts from 0", () => {
  const event = publishSoftwareEvent();
  using papi = openPapi();
  using set = papi.eventSet([event.name]);
  for (const count of [3, 40, 500]) {
    set.start();
    event.add(count);
    assert.deepEqual(set.stop(), [count]);
    event.add(9);
  }
});

real("reset sets a running event set to 0", () => {
  const event = publishSoftwareEvent();
  using papi = openPapi();
  using set = papi.eventSet([event.name]);
  set.start();
  event.add(8);
  set.reset();
  event.add(3);
  assert.deepEqual(set.stop(), [3]);
});

real("an event set counts several events, of one component and of two", () => {
  const [one, two] = ["ONE", "TWO"].map((counter) => publishSoftwareEvent({ counter }));
  using papi = openPapi();
  // The kernel counts page faults in software: where that is permitted, a second component.
  const fault = "perf::PAGE-FAULTS";
  const events = papi.refusal(fault) === null ? [two.name, fault, one.name] : [two.name, one.name];
  const twoComponents = events.length === 3;
  const order = twoComponents ? [two.name, one.name, fault] : events;
  using set = papi.eventSet(order);
  set.start();
  one.add(11);
  two.add(22);
  const pages = new Uint8Array(1 << 24).fill(1);
  const counts = set.stop();
  assert.deepEqual(counts.slice(0, 2), [22, 11]);
  if (twoComponents) assert.ok(counts[2] > 0, `${counts[2]} faults for ${pages.length} bytes`);
});

real("eventSet says which event PAPI does not know, in PAPI's words", () => {
  using papi = openPapi();
  const message = (event: string) => papi.refusal(event);
  assert.match(
    message("PAPI_NO_SUCH_EVENT")!,
    // PAPI may have a reason of its own to name, where the processor's counters cannot be had.
    /^Cannot count "PAPI_NO_SUCH_EVENT": PAPI says "[^"]+" \(-(18|4|12)\)(; component "\w+": [^;]+)?; papi_avail and papi_native_avail [^;]+$/,
  );
  assert.match(message("nonsense")!, /^Cannot count "nonsense": PAPI says /);
  assert.match(message("nowhere:::x")!, /this libpapi has no component "nowhere"$/);
  assert.throws(() => papi.eventSet([]), RangeError);
});

real("eventSet refuses an event twice, and leaves nothing behind", () => {
  const event = publishSoftwareEvent();
  using papi = openPapi();
  assert.throws(() => papi.eventSet([event.name, event.name]), { name: "PapiError", code: -8 });
  using set = papi.eventSet([event.name]);
  set.start();
  event.add(2);
  assert.deepEqual(set.stop(), [2]);
});

real("an event set says what is wrong with starting twice and stopping before", () => {
  const event = publishSoftwareEvent();
  using papi = openPapi();
  using set = papi.eventSet([event.name]);
  assert.throws(() => set.stop(), {
    name: "PapiError",
    code: -9,
    message:
      `Cannot stop "${event.name}": PAPI says "EventSet is currently not running" (-9); start first`,
  });
  set.start();
  assert.throws(() => set.start(), { code: -10, message: /currently counting.*stop first$/ });
  // It goes on as if nothing had been.
  event.add(6);
  assert.deepEqual(set.stop(), [6]);
});

real("a closed event set counts no more, and closing twice does no harm", () => {
  const event = publishSoftwareEvent();
  using papi = openPapi();
  const set = papi.eventSet([event.name]);
  set.start();
  set.close();
  set.close();
  for (const call of [set.start, set.read, set.reset, set.stop]) {
    assert.throws(() => call(), /the event set is closed/);
  }
  using next = papi.eventSet([event.name]);
  next.start();
  event.add(1);
  assert.deepEqual(next.stop(), [1]);
});

real("closing PAPI closes its event sets, and it can be opened again", () => {
  const event = publishSoftwareEvent();
  const papi = openPapi();
  const set = papi.eventSet([event.name]);
  set.start();
  papi.close();
  papi.close();
  assert.throws(() => set.read(), /the event set is closed/);
  assert.throws(() => papi.eventSet([event.name]), /PAPI is closed in this thread/);
  using again = openPapi();
  using other = again.eventSet([event.name]);
  other.start();
  event.add(4);
  assert.deepEqual(other.stop(), [4]);
});

real("openPapi names the library's version and components", () => {
  using papi = openPapi();
  assert.match(papi.version, /^7\.\d$/);
  assert.ok(papi.processor.length > 0);
  const sde = papi.components().find(({ name }) => name === "sde");
  assert.deepEqual(sde, { name: "sde", disabledReason: null });
});

Deno.test({
  name: "refusal carries the component's reason and what to do (needs a C compiler)",
  ignore: !hasCompiler,
  fn() {
    using papi = openPapi({ path: buildFakePapi({ REASON: `"no default PMU found"` }) });
    assert.match(
      papi.refusal("PAPI_SP_OPS")!,
      new RegExp(
        '^Cannot count "PAPI_SP_OPS": PAPI says "Component containing event is disabled" \\(-25\\); ' +
          'component "perf_event": no default PMU found; .*allow perf_event_open',
      ),
    );
  },
});

Deno.test({
  name: "refusal says so where the processor counts other events (needs a C compiler)",
  ignore: !hasCompiler,
  fn() {
    using papi = openPapi({ path: buildFakePapi({ EVENT: `"PAPI_FP_OPS"` }) });
    assert.match(
      papi.refusal("PAPI_SP_OPS")!,
      /"Event does not exist" \(-7\); this processor counts other events/,
    );
  },
});

Deno.test({
  name: "event sets are given back to the library (needs a C compiler)",
  ignore: !hasCompiler,
  fn() {
    const path = buildFakePapi({ EVENT: `"PAPI_SP_OPS"` });
    const left = Deno.dlopen(path, { fake_sets_left: { parameters: [], result: "i32" } });
    using papi = openPapi({ path });
    const set = papi.eventSet(["PAPI_SP_OPS"]);
    assert.equal(left.symbols.fake_sets_left(), 1);
    assert.throws(() => papi.eventSet(["PAPI_SP_OPS", "PAPI_NOPE"]));
    papi.refusal("PAPI_NOPE");
    papi.refusal("PAPI_SP_OPS");
    assert.equal(left.symbols.fake_sets_left(), 1);
    set.close();
    assert.equal(left.symbols.fake_sets_left(), 0);
    left.close();
  },
});
