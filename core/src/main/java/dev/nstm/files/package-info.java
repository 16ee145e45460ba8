/** Files that are there whole or not at all: {@link dev.nstm.files.AtomicFile}. Knows nothing of what is in them. */
package dev.nstm.files;
