/** Zarr and OME-Zarr: arrays in directories, a compressed file for every chunk. */
package dev.nstm.apps.zarr;
