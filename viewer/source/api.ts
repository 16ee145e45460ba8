/** What the server is asked. */

export type Room = "new" | "runs" | "view";

export interface State {
  rooms: Room[];
  roots: string[];
  /** Of a file that is taken in, at most. */
  uploadBytes: number;
}

/** How far a run is; see docs/app.md. */
export interface Status {
  phase: "preparing" | "training" | "paused" | "concluding" | "done" | "interrupted" | "failed";
  epoch: number;
  epochs: number;
  loss?: number;
  annealing: number;
  reduction: number;
  secondsPerEpoch: number;
  secondsLeft?: number;
  text?: string;
  time: string;
  live?: string;
  alive?: boolean;
}

/** A run or another picture in one of the folders. */
export interface Result {
  root: number;
  path: string;
  name: string;
  run: boolean;
  /** Within the path; missing where there is nothing to look at yet. */
  zarr?: string;
  report?: boolean;
  checkpoints?: boolean;
  /** Whether there is a table of its epochs. */
  metrics?: boolean;
  /** Whether what it said is kept. */
  log?: boolean;
  system?: string;
  times?: number[];
  shots?: string;
  /** Of the raw shots, in micrometres, like the distance of their planes. */
  pixelSize?: number;
  zStep?: number;
  status?: Status;
}

export interface Entry {
  name: string;
  folder: boolean;
  bytes?: number;
}

export interface Key {
  path: string;
  kind: string;
  usual: string;
  unit: string;
  allowed: string;
  meaning: string;
  words?: string[];
}

export interface System {
  name: string;
  title: string;
  /** Whether its light can be told from the shots. */
  estimates: boolean;
  keys: Key[];
}

export interface Question {
  path: string;
  meaning: string;
  inFile: boolean;
  /** Whether the recording gives the usual answer. */
  told: boolean;
  usual?: string;
}

/** What a file of raw shots tells. */
export interface Look {
  count: number;
  height: number;
  width: number;
  colours: number;
  system: string;
  questions: Record<string, Question[]>;
}

/** A circle in the spectrum of a shot, in cycles per micrometre. */
export interface Mark {
  x: number;
  y: number;
  radius: number;
  label: string;
}

/** What the shots alone say of the instrument. */
export interface Estimate {
  right: boolean;
  text: string;
  marks: Mark[];
}

async function answered<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const text = await response.text();
  let line = text.trim();
  try {
    line = (JSON.parse(text) as { error: string }).error;
  } catch {
    // A line as it is.
  }
  throw new Error(line || `the server answered ${response.status}`);
}

function query(parameters: Record<string, string | number>): string {
  return new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])).toString();
}

export async function told<T>(what: string, parameters: Record<string, string | number> = {}): Promise<T> {
  return answered<T>(await fetch(`api/${what}?${query(parameters)}`));
}

export async function done<T>(what: string, root: number, body: object): Promise<T> {
  const response = await fetch(`api/${what}?${query({ root })}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answered<T>(response);
}

export async function upload(root: number, file: File): Promise<{ name: string }> {
  return answered(await fetch(`api/upload?${query({ root, name: file.name })}`, { method: "PUT", body: file }));
}

/** Address of a file in a folder, or of the folder itself. */
export function fileAddress(root: number, path: string): string {
  return ["files", root, ...path.split("/").filter((part) => part).map(encodeURIComponent)].join("/");
}

/** Address of raw shots as OME-Zarr. */
export function shotsAddress(root: number, path: string): string {
  return ["shots", root, ...path.split("/").map(encodeURIComponent), "~"].join("/");
}

/** Address of what a result shows; empty where there is nothing yet. */
export function zarrAddress(result: Result): string {
  if (result.zarr === undefined) return "";
  return fileAddress(result.root, `${result.path}/${result.zarr}`);
}
