/**
 * From configuration and files to a DPC reconstruction and back to files. Read {@link dev.nstm.apps.dpc.DpcMeasurement}
 * (what was recorded) and {@link dev.nstm.apps.dpc.DpcRun} (all that a run is made of) first.
 */
package dev.nstm.apps.dpc;
