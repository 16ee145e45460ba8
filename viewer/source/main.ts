/** The page: three rooms, of which the address says which is open. */
import { told, type Room, type State } from "./api";
import { button, fill, h, message, put } from "./dom";
import { Runs } from "./runs";
import { Setup } from "./setup";
import { View } from "./view";

interface Shown {
  element: HTMLElement;
  key(event: KeyboardEvent): boolean;
  close(): void;
}

const NAMES: Record<Room, string> = { new: "New", runs: "Runs", view: "View" };
const HELP: Record<Room, [string, string][]> = { new: Setup.keys, runs: Runs.keys, view: View.keys };
const THEME = "nstm-theme";

class Page {
  private readonly place = h("div", { id: "room" });
  private readonly links = new Map<Room, HTMLAnchorElement>();
  private readonly help = h("dialog", { "aria-label": "Keys" });
  private room: Room;
  private shown: Shown | undefined;

  constructor(private readonly state: State) {
    this.room = state.rooms[0]!;
    const theme = localStorage.getItem(THEME);
    if (theme) document.documentElement.dataset["theme"] = theme;
    for (const room of state.rooms) this.links.set(room, h("a", { href: `#${room}` }, NAMES[room]));
    put(
      document.body,
      h(
        "header",
        {},
        h("h1", {}, "NSTM"),
        h("nav", { "aria-label": "Rooms" }, ...this.links.values()),
        h("span", { class: "soft where" }, state.roots.join(", ")),
        button("◐", "Light or dark", () => this.turn()),
        button("?", "Keys (?)", () => this.showHelp()),
      ),
      this.place,
      this.help,
    );
    addEventListener("hashchange", () => this.open());
    addEventListener("keydown", (event) => this.key(event));
    this.open();
  }

  private open(): void {
    const wanted = location.hash.slice(1).split("?")[0] as Room;
    this.room = this.state.rooms.includes(wanted) ? wanted : this.state.rooms.includes("view") && !this.state.rooms.includes("new") ? "view" : this.state.rooms[0]!;
    this.shown?.close();
    const viewable = this.state.rooms.includes("view");
    this.shown = { new: () => new Setup(this.state.uploadBytes), runs: () => new Runs(viewable), view: () => new View() }[this.room]();
    for (const [room, link] of this.links)
      if (room === this.room) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    fill(this.place, this.shown.element);
    document.title = `NSTM: ${NAMES[this.room]}`;
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const typing = ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
    if (typing || event.ctrlKey || event.metaKey || event.altKey || this.help.open) return;
    if (event.key === "?") this.showHelp();
    else if ([" ", "Enter"].includes(event.key) && ["BUTTON", "SUMMARY", "A"].includes(target.tagName)) return;
    else if (!this.shown?.key(event)) return;
    event.preventDefault();
  }

  private showHelp(): void {
    const rows: [string, string][] = [...HELP[this.room], ["?", "this sheet"]];
    fill(
      this.help,
      h("h2", {}, `Keys of the room ${NAMES[this.room]}`),
      h("table", {}, ...rows.map(([keys, what]) => h("tr", {}, h("th", { scope: "row" }, keys), h("td", {}, what)))),
      button("close", "Close", () => this.help.close()),
    );
    this.help.showModal();
  }

  private turn(): void {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset["theme"] ?? (dark ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    document.documentElement.dataset["theme"] = next;
    localStorage.setItem(THEME, next);
  }
}

told<State>("state")
  .then((state) => new Page(state))
  .catch((failure: unknown) => fill(document.body, h("p", { class: "hint" }, message(failure))));
