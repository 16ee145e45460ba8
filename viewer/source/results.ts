/** Results as subjects of panels. */
import { shotsAddress, told, zarrAddress, type Result } from "./api";
import { usualMap } from "./colours";
import type { Subject } from "./panel";
import { Volume } from "./volume";

export function results(): Promise<Result[]> {
  return told<Result[]>("results");
}

const COLOURS = ["red", "green", "blue"];
const OF_COLOURS: Record<string, string> = { red: "FF0000", green: "00FF00", blue: "0000FF" };

/** Channels that are red, green and blue of one picture, with what these have in common in their names. */
function coloured(volume: Volume): { name: string; channels: number[] }[] {
  const named = new Map<string, number[]>();
  volume.channels.forEach((channel, i) => {
    const [, name, colour] = /^(.*?) ?(red|green|blue)$/.exec(channel.label) ?? [];
    if (name === undefined || colour === undefined) return;
    channel.colour = OF_COLOURS[colour]!;
    const channels = named.get(name) ?? [];
    channels[COLOURS.indexOf(colour)] = i;
    named.set(name, channels);
  });
  return [...named].map(([name, channels]) => ({ name: name || "colours", channels })).filter(({ channels }) => channels.length === 3 && !channels.includes(undefined as never));
}

/** A subject of each channel; red, green and blue are one. */
export function subjects(name: string, volume: Volume, times: readonly number[]): Subject[] {
  const pictures = coloured(volume);
  const of = (title: string, channels: number[], map: string): Subject => {
    const all = channels.map((channel) => volume.channels[channel]!);
    const [low, high] = [Math.min(...all.map((each) => each.low)), Math.max(...all.map((each) => each.high))];
    const most = Math.max(Math.abs(low), Math.abs(high));
    return {
      title: `${name}: ${title}`,
      volume,
      channels,
      map,
      low: map === "balance" ? -most : low,
      high: map === "balance" ? most : high,
      times: volume.times.length === volume.frames ? volume.times : times,
    };
  };
  return [
    ...pictures.map((picture) => of(picture.name, picture.channels, "grey")),
    ...volume.channels.flatMap((channel, i) =>
      pictures.some((picture) => picture.channels.includes(i)) ? [] : [of(channel.label, [i], usualMap(channel.label))],
    ),
  ];
}

/** All that can be shown of a result: its channels, and the raw shots. */
export async function subjectsOf(result: Result): Promise<Subject[]> {
  const all: Subject[] = [];
  const address = zarrAddress(result);
  if (address) all.push(...subjects(result.name, await Volume.open(address), result.times ?? []));
  if (result.shots) {
    const raw = await Volume.open(shotsAddress(result.root, result.shots), result);
    all.push(...subjects(result.name, raw, result.times?.length === raw.frames ? result.times : []));
  }
  return all;
}

/** What is shown of a result at first: the scene's last channel, its conventional form, the raw shots. */
export function firstOf(all: readonly Subject[]): Subject[] {
  const ending = (subject: Subject) => subject.title.slice(subject.title.indexOf(": ") + 2);
  const scene = all.filter((subject) => !/^(conventional|uncertainty|motion|raw)/.test(ending(subject)));
  const shown = scene.find((subject) => subject.channels.some((c) => subject.volume.channels[c]!.active)) ?? scene[0];
  const bare = shown ? ending(shown).replace(/ \(.*/, "") : "";
  const conventional =
    all.find((subject) => ending(subject).startsWith(`conventional ${bare}`)) ??
    all.find((subject) => ending(subject).startsWith("conventional"));
  const raw = all.find((subject) => ending(subject).startsWith("raw"));
  return [shown, conventional, raw].filter((subject) => subject !== undefined);
}
