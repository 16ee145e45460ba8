/** The page of {@code nstm app} as files; made from the folder {@code source} by {@code npm run build}. */
package dev.nstm.viewer;
