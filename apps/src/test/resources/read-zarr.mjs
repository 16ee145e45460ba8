// Prints attributes and arrays of an OME-Zarr directory, as zarrita reads them.
import * as zarr from "zarrita";
import { FileSystemStore } from "@zarrita/storage";

const root = await zarr.open(new FileSystemStore(process.argv[2]), { kind: "group" });
const multiscales = (root.attrs.ome ?? root.attrs).multiscales;
const arrays = [];
for (const dataset of multiscales[0].datasets) {
  const array = await zarr.open(root.resolve(dataset.path), { kind: "array" });
  const all = await zarr.get(array);
  arrays.push({ shape: all.shape, chunks: array.chunks, type: array.dtype, values: Array.from(all.data) });
}
console.log(JSON.stringify({ attributes: root.attrs, arrays }));
