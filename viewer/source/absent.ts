/** Stands for codecs that nothing of ours is packed with: each would be larger than the rest of the page. */
export default {
  fromConfig(): never {
    throw new Error("this OME-Zarr is packed with Blosc, Zstandard or LZ4, which this page does not unpack; nstm export writes one that it does");
  },
};
