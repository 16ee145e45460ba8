package dev.nstm.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Every fact about the machine's vectors in one place. The width is the machine's preferred one unless the system
 * property {@value #WIDTH_PROPERTY} (128, 256 or 512 bits) forces another, as the tests do; a width above the preferred
 * one gives the same values, slowly.
 */
public final class Simd {
    /** System property that forces the vector width in bits. */
    public static final String WIDTH_PROPERTY = "nstm.simd.bits";

    static final VectorSpecies<Float> FLOATS = chooseSpecies();
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    /** Single-precision values in a vector. */
    static final int LANES = FLOATS.length();

    static final long VECTOR_BYTES = FLOATS.vectorByteSize();

    private Simd() {}

    private static VectorSpecies<Float> chooseSpecies() {
        String forced = System.getProperty(WIDTH_PROPERTY);
        if (forced == null) {
            VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
            if (preferred.vectorBitSize() > 512) return FloatVector.SPECIES_512;
            return preferred.vectorBitSize() < 128 ? FloatVector.SPECIES_128 : preferred;
        }
        return switch (forced) {
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            default -> throw new IllegalArgumentException(WIDTH_PROPERTY + " must be 128, 256 or 512, got " + forced);
        };
    }

    /** Width of the vectors in use, in bits. */
    public static int bits() {
        return FLOATS.vectorBitSize();
    }

    /** Number of single-precision values in the vectors in use. */
    public static int lanes() {
        return LANES;
    }

    /** Widest vector that the machine computes with directly, in bits. */
    public static int preferredBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /** Use of the machine's vectors in one line, for people. */
    public static String describe() {
        String forced = System.getProperty(WIDTH_PROPERTY) == null ? "preferred width" : "forced by " + WIDTH_PROPERTY;
        return bits() + "-bit vectors (" + LANES + " floats), " + forced
                + (bits() > preferredBits() ? "; wider than this machine's " + preferredBits() + " bits, so slow" : "");
    }
}
