/**
 * What a run is told: YAML files, {@code --set} options and their defaults. {@link dev.nstm.apps.config.Keys} lists
 * every key with unit, default and range; {@link dev.nstm.apps.config.Configuration} holds the values of one run.
 */
package dev.nstm.apps.config;
