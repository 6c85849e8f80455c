import { METHODS } from "../../mod.ts";
import { quoted, quotedList } from "../../lib/messages.ts";
import { METHOD_SETTINGS, methodNamed } from "../../lib/methods/mod.ts";
import {
  defaultSettings,
  readsSetting,
  type Setting,
  SETTING_GROUPS,
  SETTINGS,
  type Settings,
  settingsWithoutEffect,
} from "../../lib/settings/mod.ts";
import { parseBoolean, parseJson, parseNumber, parseNumbers } from "./parse.ts";
import { Option } from "./commander.ts";

const PARSERS = {
  "count": parseNumber,
  "number": parseNumber,
  "share": parseNumber,
  "sizes": parseNumbers,
  "true|false": parseBoolean,
  "json": parseJson,
};

/**
 * One option per setting, by owner. No option has a default, because defaults depend on the recipe and the
 * method.
 */
export function settingOptions(): Option[] {
  return SETTING_GROUPS.flatMap(({ title, settings }) =>
    Object.entries(settings).map(([name, setting]) =>
      settingOption(name, setting).helpGroup(`${title}:`) as Option
    )
  );
}

/** A setting's name on the command line. */
export function optionName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function settingOption(name: string, setting: Setting<unknown>): Option {
  const { value, says } = setting;
  const flag = optionName(name);
  const owners = METHODS.filter((method) => readsSetting(methodNamed(method), name)).join(", ");
  const whose = Object.hasOwn(METHOD_SETTINGS, name) ? ` (${owners})` : "";
  // An option cannot be `null`, so the sentence about it is removed.
  const sentence = says.replace(/; `null`.*/, "").replaceAll("`", "");
  const text = `${sentence}${whose}${defaultOf(name, setting)}`;
  if (value === "true") return new Option(flag, text);
  if (typeof value === "string") {
    return new Option(`${flag} <${value}>`, text).argParser(PARSERS[value]) as Option;
  }
  return new Option(`${flag} <word>`, text).choices(value) as Option;
}

/** The default without a method, and the defaults with a method, which have another recipe. */
function defaultOf(name: string, { default: own }: Setting<unknown>): string {
  const valueIn = (settings: object) => shownValue((settings as Record<string, unknown>)[name]);
  const others = name === "method"
    ? []
    : [...new Set(METHODS.map((method) => valueIn(defaultSettings(method))))];
  // A method's own settings have one default in most cases.
  const isOwned = Object.hasOwn(METHOD_SETTINGS, name);
  const standard = isOwned ? shownValue(own) : valueIn(defaultSettings());
  if (standard === "") return "";
  const rest = others.filter((value) => value !== standard && (value !== "" || !isOwned))
    .map((value) => value === "" ? "left out" : value);
  const some = isOwned ? "some methods" : "with --method";
  return ` (default: ${standard}${rest.length === 0 ? "" : `; ${some}: ${rest.join(", ")}`})`;
}

function shownValue(value: unknown): string {
  if (!Array.isArray(value)) return `${value ?? ""}`;
  if (value.length === 0) return "none";
  return value.map((item) => JSON.stringify(item)).join(typeof value[0] === "number" ? "," : ", ");
}

/** The settings among the parsed options. */
export function settingsGiven(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(SETTINGS).filter((key) => options[key] !== undefined)
      .map((key) => [key, options[key]]),
  );
}

/**
 * One sentence per given option that has no effect with the method.
 *
 * @param settings All settings, with those of the options.
 * @param changes `true` if a custom strategy changes the topology.
 */
export function idleOptions(
  options: Readonly<Record<string, unknown>>,
  settings: Settings,
  changes = false,
): string[] {
  return settingsWithoutEffect(settingsGiven(options), settings, changes).map((name) => {
    const owners = METHODS.filter((method) => readsSetting(methodNamed(method), name));
    return `${optionName(name)} has no effect with method ${quoted(settings.method)}, only with ` +
      quotedList(owners);
  });
}

/**
 * A message on settings for a person who types options: behind each name that is written otherwise there, the
 * option; a name with its value becomes an option with it, as does `"name" of 0`.
 *
 * @param others Names of options that are no settings.
 */
export function withOptions(message: string, others: readonly string[]): string {
  const isOption = (name: string) => Object.hasOwn(SETTINGS, name) || others.includes(name);
  return message.replaceAll(
    /\b([a-z]+[A-Z][A-Za-z0-9]*) "([\w-]+)"/g,
    (words, name, value) => isOption(name) ? `${optionName(name)} ${value}` : words,
  ).replaceAll(
    /"(\w+)" of (\d+)/g,
    (words, name, value) => isOption(name) ? `${optionName(name)} ${value}` : words,
  ).replaceAll(
    /"([a-z]+[A-Z][A-Za-z0-9]*)"/g,
    (quoted, name) => isOption(name) ? `${quoted} (${optionName(name)})` : quoted,
  );
}
