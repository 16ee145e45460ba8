/** The nstm command line. Read {@link dev.nstm.apps.command.Nstm} first; every subcommand is a class of its own. */
package dev.nstm.apps.command;
