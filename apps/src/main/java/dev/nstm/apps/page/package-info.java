/** The local page: a server that shows runs, starts and steers them, for one person on one machine. */
package dev.nstm.apps.page;
