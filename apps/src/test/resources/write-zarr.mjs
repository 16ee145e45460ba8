// Writes Zarr in many kinds with zarrita and numcodecs; prints what is where.
import * as zarr from "zarrita";
import { FileSystemStore } from "@zarrita/storage";
import { Blosc, GZip, Zlib, Zstd } from "numcodecs";
import { mkdirSync, writeFileSync } from "node:fs";

// Of its own, zarrita only unpacks gzip.
zarr.registry.set("gzip", async () => GZip);
const root = process.argv[2];
const shape = [2, 3, 2, 70, 130];
const chunks = [1, 1, 1, 40, 64];
const cases = [];
const value = (t, c, z, y, x) => (x * x + 3 * y * y + 50 * z + 7 * c + 11 * t) % 251;

function all(type) {
  const values = new type(shape.reduce((a, b) => a * b));
  let i = 0;
  for (let t = 0; t < shape[0]; t++) for (let c = 0; c < shape[1]; c++) for (let z = 0; z < shape[2]; z++)
    for (let y = 0; y < shape[3]; y++) for (let x = 0; x < shape[4]; x++) values[i++] = value(t, c, z, y, x);
  return values;
}

const types = { uint8: Uint8Array, uint16: Uint16Array, int32: Int32Array, float32: Float32Array, float64: Float64Array };
const blosc = (cname, shuffle, typesize) => ({ name: "blosc", configuration: { cname, clevel: 5, shuffle, typesize, blocksize: 0 } });
const third = {
  gzip: ["uint16", { name: "gzip", configuration: { level: 1 } }],
  zstd: ["float32", { name: "zstd", configuration: { level: 3, checksum: false } }],
  plain: ["int32", null],
  lz4: ["float32", blosc("lz4", "shuffle", 4)],
  unshuffled: ["uint16", blosc("lz4", "noshuffle", 2)],
  bloscZstd: ["float64", blosc("zstd", "shuffle", 8)],
  bloscZlib: ["uint8", blosc("zlib", "noshuffle", 1)],
};
for (const [name, [type, codec]] of Object.entries(third)) {
  const path = `${root}/v3-${name}`;
  const array = await zarr.create(new FileSystemStore(path), {
    shape, chunkShape: chunks, dtype: type, fillValue: 0,
    codecs: [{ name: "bytes", configuration: { endian: "little" } }, ...(codec ? [codec] : [])],
    dimensionNames: ["t", "c", "z", "y", "x"],
  });
  const stride = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  await zarr.set(array, null, { data: all(types[type]), shape, stride });
  cases.push(path);
}

const second = {
  lz4: ["<u2", Uint16Array, { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1 }, new Blosc(5, "lz4", 1, 0, 2)],
  zlib: ["<f4", Float32Array, { id: "zlib", level: 1 }, new Zlib(1)],
  zstd: ["<u2", Uint16Array, { id: "zstd", level: 1 }, new Zstd(1)],
  gzip: ["<f8", Float64Array, { id: "gzip", level: 1 }, new GZip(1)],
  swapped: [">u2", Uint16Array, null, null],
};
for (const [name, [dtype, type, compressor, codec]] of Object.entries(second)) {
  const path = `${root}/v2-${name}.ome.zarr`;
  mkdirSync(`${path}/0`, { recursive: true });
  writeFileSync(`${path}/.zgroup`, JSON.stringify({ zarr_format: 2 }));
  writeFileSync(`${path}/.zattrs`, JSON.stringify({ multiscales: [{
    version: "0.4",
    axes: [{ name: "t", type: "time" }, { name: "c", type: "channel" }, { name: "z", type: "space", unit: "nanometer" },
      { name: "y", type: "space", unit: "micrometer" }, { name: "x", type: "space", unit: "micrometer" }],
    datasets: [{ path: "0", coordinateTransformations: [{ type: "scale", scale: [1, 1, 300, 0.1, 0.1] }] }],
  }] }));
  writeFileSync(`${path}/0/.zarray`, JSON.stringify({
    zarr_format: 2, shape, chunks, dtype, compressor, fill_value: 0, order: "C", filters: null,
    ...(name === "zlib" ? {} : { dimension_separator: "/" }),
  }));
  for (let t = 0; t < 2; t++) for (let c = 0; c < 3; c++) for (let z = 0; z < 2; z++)
    for (let row = 0; row < 2; row++) for (let column = 0; column < 3; column++) {
      const values = new type(40 * 64);
      for (let y = 0; y < 40; y++) for (let x = 0; x < 64; x++)
        if (row * 40 + y < 70 && column * 64 + x < 130) values[y * 64 + x] = value(t, c, z, row * 40 + y, column * 64 + x);
      let bytes = new Uint8Array(values.buffer);
      if (name === "swapped") bytes = new Uint8Array(Buffer.from(bytes).swap16());
      if (codec) bytes = await codec.encode(bytes);
      const chunk = [t, c, z, row, column];
      if (name === "zlib") writeFileSync(`${path}/0/${chunk.join(".")}`, bytes);
      else {
        mkdirSync(`${path}/0/${chunk.slice(0, 4).join("/")}`, { recursive: true });
        writeFileSync(`${path}/0/${chunk.join("/")}`, bytes);
      }
    }
  cases.push(path);
}
console.log(JSON.stringify(cases));
