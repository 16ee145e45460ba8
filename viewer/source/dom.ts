/** Elements of the page, made in one line. */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, unknown>;

/**
 * An element.
 *
 * Attributes that begin with "on" are listeners; properties such as value, checked and disabled are set as properties;
 * true and false say whether an attribute is there.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (["value", "checked", "disabled", "selected", "hidden"].includes(name))
      (element as unknown as Record<string, unknown>)[name] = value;
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, String(value));
  }
  put(element, ...children);
  return element;
}

/** Appends what is there. */
export function put(parent: Element, ...children: Child[]): void {
  for (const child of children) if (child) parent.append(child);
}

/** Takes out what an element holds and puts in something else. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  put(parent, ...children);
}

/** A choice of words. */
export function choice(
  label: string,
  words: readonly (readonly [string, string])[],
  chosen: string,
  changed: (word: string) => void,
): HTMLSelectElement {
  const select = h(
    "select",
    { "aria-label": label, title: label, onchange: () => changed(select.value) },
    ...words.map(([value, text]) => h("option", { value, selected: value === chosen }, text)),
  );
  return select;
}

/** A button; a screen reader hears its text, if that is a word, and its title. */
export function button(text: string, title: string, pressed: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const label = /[a-z]/i.test(text) ? `${text}: ${title}` : title;
  return h("button", { type: "button", title, "aria-label": label, onclick: pressed, ...attributes }, text);
}

/** Hands a file to whoever looks at the page. */
export function save(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A line that goes away by itself. */
export function tell(text: string, wrong = false): void {
  let place = document.querySelector<HTMLElement>("#notices");
  if (!place) document.body.append((place = h("div", { id: "notices", role: "status", "aria-live": "polite" })));
  const line = h("div", { class: wrong ? "notice wrong" : "notice" }, text);
  place.append(line);
  setTimeout(() => line.remove(), wrong ? 12_000 : 4_000);
}

/** The message of whatever was thrown. */
export function message(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Lets something go on; if it fails, that is told. */
export function attempt(going: Promise<unknown>): void {
  going.catch((failure: unknown) => tell(message(failure), true));
}
