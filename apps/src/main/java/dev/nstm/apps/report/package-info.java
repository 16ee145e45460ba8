/**
 * What people are shown: the report of a reconstruction, one HTML file that needs no network, movies, and tables in the
 * terminal.
 */
package dev.nstm.apps.report;
