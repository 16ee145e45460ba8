/**
 * Long recordings and large fields in pieces: windows in time, patches in space. Read {@link dev.nstm.apps.batch.Batch}
 * first, which is the plan, then {@link dev.nstm.apps.batch.MovieMerge}. Who works through the pieces, and where, is
 * not known here.
 */
package dev.nstm.apps.batch;
