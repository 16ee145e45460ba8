/** The report of a reconstruction: one HTML file that needs no network. */
package dev.nstm.apps.report;
