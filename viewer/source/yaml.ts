/** Configurations as text: the same files that the command line takes. */

export type Values = ReadonlyMap<string, string>;

/** A value as YAML: numbers and lists as they are, all else quoted. */
export function written(value: string, kind: string): string {
  const text = value.trim();
  if (kind === "numbers" || kind === "pairs") return text.startsWith("[") ? text : `[${text}]`;
  if (kind === "number" || kind === "integer") return text;
  if (/^[A-Za-z][A-Za-z0-9-]*$/.test(text)) return text;
  if (kind === "number_or_word" && text !== "" && Number.isFinite(Number(text))) return text;
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
}

/**
 * A configuration, section by section in the order of the keys.
 *
 * @param values by path; empty ones are left out
 */
export function yaml(system: string, keys: readonly { path: string; kind: string }[], values: Values): string {
  const lines = ["# Made on the page of nstm app; every key: docs/configuration.md.", `system: ${system}`];
  let section = "";
  for (const { path, kind } of keys) {
    const value = values.get(path)?.trim();
    if (!value) continue;
    const dot = path.indexOf(".");
    const own = path.slice(0, Math.max(0, dot));
    if (own !== section) lines.push(`${own}:`);
    section = own;
    lines.push(`${dot < 0 ? "" : "  "}${path.slice(dot + 1)}: ${written(value, kind)}`);
  }
  return lines.join("\n") + "\n";
}
