package dev.nstm.tensor;

/** What one element of a tensor is. */
public enum ElementType {
    /** IEEE 754 single precision. */
    FLOAT32(1),
    /** Real part, then imaginary part, each single precision. */
    COMPLEX64(2);

    private final int floats;

    ElementType(int floats) {
        this.floats = floats;
    }

    /** Number of single-precision values in one element. */
    public int floats() {
        return floats;
    }
}
