/** The page of {@code nstm app}. */
module dev.nstm.viewer {
    exports dev.nstm.viewer;
}
