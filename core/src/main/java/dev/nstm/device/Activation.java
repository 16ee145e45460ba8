package dev.nstm.device;

/** Function applied after a hidden layer. */
public enum Activation {
    /** Gaussian error linear unit, tanh approximation. */
    GELU,
    /** Exponential linear unit, alpha 1. */
    ELU
}
