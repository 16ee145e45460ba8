package dev.nstm.apps.io;

/** What can be written as an array of an NPZ file. */
public sealed interface NpyContent permits NpyArray, NpyParts {
    /** Extents, outermost first; empty for a scalar. */
    int[] shape();
}
