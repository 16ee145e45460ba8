package dev.nstm.device;

/** Functions that are applied to every element of a tensor. */
public enum ElementFunction {
    /** Exponential linear unit: x above 0, exp(x) - 1 below. */
    ELU,
    /** x^2. */
    SQUARE,
    /** |x|; the slope at 0 is 0. */
    ABSOLUTE,
    /** Square root of max(x, 0); the slope at and below 0 is 0. */
    SQUARE_ROOT,
    /** exp(x). */
    EXPONENTIAL,
    /** sin(x), x in radians. */
    SINE,
    /** cos(x), x in radians. */
    COSINE,
    /** 1 / (1 + exp(-x)). */
    LOGISTIC
}
