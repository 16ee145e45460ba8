package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;
import static dev.nstm.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes square tiles of as many rows as a vector has lanes: to[j][i] = from[i][j] * scale. Exchanging bit b of the
 * row number with bit b of the column number, for every bit, is a transposition; two bits are exchanged on each way
 * through memory, four vectors at a time.
 *
 * <p>Rows come in pairs, as real and imaginary parts do: row i lies at {@code (i / 2) * pair + (i % 2) * part} bytes.
 */
final class TileTranspose {
    /** Values of the scratch tile that {@link #transpose} works in. */
    static final int TILE = LANES * LANES;

    private static final long VECTOR = Simd.VECTOR_BYTES;
    private static final VectorShuffle<Float>[] FIRST = shuffles(true);
    private static final VectorShuffle<Float>[] SECOND = shuffles(false);
    private static final VectorShuffle<Float> FIRST_1 = FIRST[0];
    private static final VectorShuffle<Float> SECOND_1 = SECOND[0];
    private static final VectorShuffle<Float> FIRST_2 = FIRST[1];
    private static final VectorShuffle<Float> SECOND_2 = SECOND[1];
    private static final VectorShuffle<Float> FIRST_4 = FIRST[2];
    private static final VectorShuffle<Float> SECOND_4 = SECOND[2];
    private static final VectorShuffle<Float> FIRST_8 = FIRST[3];
    private static final VectorShuffle<Float> SECOND_8 = SECOND[3];

    private TileTranspose() {}

    /**
     * Lanes to take from two rows whose numbers differ in one bit, so that this bit is exchanged: for the row with the
     * bit clear ({@code first}) or set.
     */
    @SuppressWarnings("unchecked")
    private static VectorShuffle<Float>[] shuffles(boolean first) {
        VectorShuffle<Float>[] all = new VectorShuffle[4];
        for (int i = 0; i < all.length; i++) {
            int bit = (1 << i) % LANES;
            all[i] = VectorShuffle.fromOp(
                    FLOATS, lane -> (lane & bit) == 0 ? lane + (first ? 0 : bit) : LANES + lane - (first ? bit : 0));
        }
        return all;
    }

    static void transpose(
            long from, long fromPair, long fromPart, long to, long toPair, long toPart, float scale, long tile) {
        switch (LANES) {
            case 4 -> lowBits(from, fromPair, fromPart, to, toPair, toPart, scale);
            case 8 -> {
                bit4(from, fromPair, fromPart, tile);
                lowBits(tile, 2 * VECTOR, VECTOR, to, toPair, toPart, scale);
            }
            default -> {
                bits4And8(from, fromPair, fromPart, tile);
                lowBits(tile, 2 * VECTOR, VECTOR, to, toPair, toPart, scale);
            }
        }
    }

    private static void bits4And8(long from, long pair, long part, long tile) {
        for (int i = 0; i < 4; i++) {
            long at = from + (i >> 1) * pair + (i & 1) * part;
            FloatVector a = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
            FloatVector b = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2 * pair, ORDER);
            FloatVector c = FloatVector.fromMemorySegment(FLOATS, ALL, at + 4 * pair, ORDER);
            FloatVector d = FloatVector.fromMemorySegment(FLOATS, ALL, at + 6 * pair, ORDER);
            FloatVector ac = a.rearrange(FIRST_8, c);
            FloatVector ca = a.rearrange(SECOND_8, c);
            FloatVector bd = b.rearrange(FIRST_8, d);
            FloatVector db = b.rearrange(SECOND_8, d);
            ac.rearrange(FIRST_4, bd).intoMemorySegment(ALL, tile + i * VECTOR, ORDER);
            ac.rearrange(SECOND_4, bd).intoMemorySegment(ALL, tile + (i + 4) * VECTOR, ORDER);
            ca.rearrange(FIRST_4, db).intoMemorySegment(ALL, tile + (i + 8) * VECTOR, ORDER);
            ca.rearrange(SECOND_4, db).intoMemorySegment(ALL, tile + (i + 12) * VECTOR, ORDER);
        }
    }

    private static void bit4(long from, long pair, long part, long tile) {
        for (int i = 0; i < 4; i++) {
            long at = from + (i >> 1) * pair + (i & 1) * part;
            FloatVector a = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
            FloatVector b = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2 * pair, ORDER);
            a.rearrange(FIRST_4, b).intoMemorySegment(ALL, tile + i * VECTOR, ORDER);
            a.rearrange(SECOND_4, b).intoMemorySegment(ALL, tile + (i + 4) * VECTOR, ORDER);
        }
    }

    private static void lowBits(long from, long pair, long part, long to, long toPair, long toPart, float scale) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        for (int i = 0; i < LANES; i += 4) {
            long at = from + (i >> 1) * pair;
            long target = to + (i >> 1) * toPair;
            FloatVector a = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
            FloatVector b = FloatVector.fromMemorySegment(FLOATS, ALL, at + part, ORDER);
            FloatVector c = FloatVector.fromMemorySegment(FLOATS, ALL, at + pair, ORDER);
            FloatVector d = FloatVector.fromMemorySegment(FLOATS, ALL, at + pair + part, ORDER);
            FloatVector ac = a.rearrange(FIRST_2, c);
            FloatVector ca = a.rearrange(SECOND_2, c);
            FloatVector bd = b.rearrange(FIRST_2, d);
            FloatVector db = b.rearrange(SECOND_2, d);
            ac.rearrange(FIRST_1, bd).mul(factor).intoMemorySegment(ALL, target, ORDER);
            ac.rearrange(SECOND_1, bd).mul(factor).intoMemorySegment(ALL, target + toPart, ORDER);
            ca.rearrange(FIRST_1, db).mul(factor).intoMemorySegment(ALL, target + toPair, ORDER);
            ca.rearrange(SECOND_1, db).mul(factor).intoMemorySegment(ALL, target + toPair + toPart, ORDER);
        }
    }
}
