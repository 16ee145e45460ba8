/** Figures and movies of what the panels show. */
import { save } from "./dom";
import type { ScaleBar } from "./overlay";

/** A picture of a figure. */
export interface Plate {
  title: string;
  canvas: HTMLCanvasElement;
  above: HTMLCanvasElement;
  bar: ScaleBar | undefined;
  /** Colours of the bar as CSS colours, and the values at its ends; none of pictures in colour. */
  colours?: { stops: string[]; low: string; high: string };
}

const GAP = 16;
const TITLE = 30;
const BAR = 34;

/** Size of a figure with all plates in one row. */
function size(plates: readonly Plate[]): { width: number; height: number } {
  const width = plates.reduce((sum, plate) => sum + plate.canvas.width + GAP, GAP);
  return { width, height: Math.max(...plates.map((plate) => plate.canvas.height)) + TITLE + BAR + GAP };
}

/** All plates beside each other, with titles and bars of colours. */
export function composed(plates: readonly Plate[], into = document.createElement("canvas")): HTMLCanvasElement {
  const { width, height } = size(plates);
  // Movies want even sizes.
  into.width = width + (width % 2);
  into.height = height + (height % 2);
  const draw = into.getContext("2d")!;
  draw.fillStyle = "white";
  draw.fillRect(0, 0, into.width, into.height);
  let x = GAP;
  for (const plate of plates) {
    draw.fillStyle = "black";
    draw.font = "600 15px system-ui, sans-serif";
    draw.fillText(plate.title, x, 20, plate.canvas.width);
    draw.fillRect(x, TITLE, plate.canvas.width, plate.canvas.height);
    draw.drawImage(plate.canvas, x, TITLE);
    draw.drawImage(plate.above, x, TITLE);
    if (plate.colours) colourBar(draw, plate, x, TITLE + plate.canvas.height + 6);
    x += plate.canvas.width + GAP;
  }
  return into;
}

function colourBar(draw: CanvasRenderingContext2D, plate: Plate, x: number, y: number): void {
  const { stops, low, high } = plate.colours!;
  const gradient = draw.createLinearGradient(x, 0, x + plate.canvas.width, 0);
  stops.forEach((stop, i) => gradient.addColorStop(i / (stops.length - 1), stop));
  draw.fillStyle = gradient;
  draw.fillRect(x, y, plate.canvas.width, 9);
  draw.fillStyle = "black";
  draw.font = "12px system-ui, sans-serif";
  draw.textAlign = "left";
  draw.fillText(low, x, y + 22);
  draw.textAlign = "right";
  draw.fillText(high, x + plate.canvas.width, y + 22);
  draw.textAlign = "left";
}

export function png(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the picture is too large for this browser"))), "image/png"),
  );
}

export async function saveFigure(plates: readonly Plate[]): Promise<void> {
  save("figure.png", await png(composed(plates)));
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}

/** The same with texts and bars as shapes, which programs for drawing can change; plates come without scale bars. */
export function vector(plates: readonly Plate[]): string {
  const { width, height } = size(plates);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
  ];
  let x = GAP;
  plates.forEach((plate, index) => {
    const { canvas, bar } = plate;
    parts.push(
      `<text x="${x}" y="20" font-size="15" font-weight="600">${escaped(plate.title)}</text>`,
      `<image x="${x}" y="${TITLE}" width="${canvas.width}" height="${canvas.height}" href="${canvas.toDataURL("image/png")}"/>`,
      `<image x="${x}" y="${TITLE}" width="${canvas.width}" height="${canvas.height}" href="${plate.above.toDataURL("image/png")}"/>`,
    );
    if (bar) {
      const y = TITLE + canvas.height - 20;
      parts.push(
        `<rect x="${x + 12}" y="${y}" width="${bar.length.toFixed(1)}" height="5" fill="white" stroke="black" stroke-width="0.7"/>`,
        `<text x="${x + 12}" y="${y - 6}" font-size="13" font-weight="600" fill="white" stroke="black" stroke-width="2.5" paint-order="stroke">${escaped(bar.text)}</text>`,
      );
    }
    if (plate.colours) {
      const y = TITLE + canvas.height + 6;
      const stops = plate.colours.stops
        .map((stop, i) => `<stop offset="${i / (plate.colours!.stops.length - 1)}" stop-color="${stop}"/>`)
        .join("");
      parts.push(
        `<defs><linearGradient id="c${index}">${stops}</linearGradient></defs>`,
        `<rect x="${x}" y="${y}" width="${canvas.width}" height="9" fill="url(#c${index})"/>`,
        `<text x="${x}" y="${y + 22}" font-size="12">${escaped(plate.colours.low)}</text>`,
        `<text x="${x + canvas.width}" y="${y + 22}" font-size="12" text-anchor="end">${escaped(plate.colours.high)}</text>`,
      );
    }
    x += canvas.width + GAP;
  });
  return parts.join("\n") + "\n</svg>\n";
}

/** An animated PNG of pictures of one size (APNG specification 1.0). */
export async function animated(frames: readonly Blob[], framesPerSecond: number): Promise<Blob> {
  const parts: Uint8Array[] = [];
  let sequence = 0;
  for (let i = 0; i < frames.length; i++) {
    const chunks = chunksOf(new Uint8Array(await frames[i]!.arrayBuffer()));
    const header = chunks.find((chunk) => chunk.type === "IHDR")!.data;
    if (i === 0) parts.push(SIGNATURE, chunk("IHDR", header), chunk("acTL", words(frames.length, 0)));
    const size = new DataView(header.buffer, header.byteOffset);
    const control = new Uint8Array(26);
    const view = new DataView(control.buffer);
    view.setUint32(0, sequence++);
    view.setUint32(4, size.getUint32(0));
    view.setUint32(8, size.getUint32(4));
    view.setUint16(20, 1);
    view.setUint16(22, framesPerSecond);
    parts.push(chunk("fcTL", control));
    for (const data of chunks.filter((each) => each.type === "IDAT"))
      parts.push(i === 0 ? chunk("IDAT", data.data) : chunk("fdAT", joined(words(sequence++), data.data)));
  }
  parts.push(chunk("IEND", new Uint8Array()));
  return new Blob(parts as BlobPart[], { type: "image/png" });
}

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

/** Chunks of a PNG. */
export function chunksOf(bytes: Uint8Array): { type: string; data: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: { type: string; data: Uint8Array }[] = [];
  for (let at = SIGNATURE.length; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    found.push({ type, data: bytes.slice(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, i) => new DataView(bytes.buffer).setUint32(4 * i, value));
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = joined(Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data);
  return joined(words(data.length), named, words(check(named)));
}

/** Cyclic redundancy check of PNG. */
function check(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** Pictures as WebM, at their pace; undefined where the browser has no recorder for it. */
export async function recorded(frames: readonly Blob[], framesPerSecond: number): Promise<Blob | undefined> {
  const type = ["video/webm;codecs=vp9", "video/webm"].find(
    (each) => typeof MediaRecorder !== "undefined" && MediaRecorder.isTypeSupported(each),
  );
  if (!type) return undefined;
  const pictures = await Promise.all(frames.map((frame) => createImageBitmap(frame)));
  const canvas = document.createElement("canvas");
  canvas.width = pictures[0]!.width;
  canvas.height = pictures[0]!.height;
  const draw = canvas.getContext("2d")!;
  const parts: Blob[] = [];
  const recorder = new MediaRecorder(canvas.captureStream(framesPerSecond), { mimeType: type, videoBitsPerSecond: 12e6 });
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise<void>((done) => (recorder.onstop = () => done()));
  recorder.start();
  for (const picture of pictures) {
    draw.drawImage(picture, 0, 0);
    await new Promise((next) => setTimeout(next, 1000 / framesPerSecond));
  }
  recorder.stop();
  await ended;
  return new Blob(parts, { type });
}

