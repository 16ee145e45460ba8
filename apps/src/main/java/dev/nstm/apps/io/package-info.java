/** File formats: NPZ, TIFF, PNG. Read {@link dev.nstm.apps.io.Npz} first. Every reader's error names file and cause. */
package dev.nstm.apps.io;
