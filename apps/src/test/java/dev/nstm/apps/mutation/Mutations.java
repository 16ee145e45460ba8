package dev.nstm.apps.mutation;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages as disks, networks and careless programs make them, and headers as the curious write them. */
final class Mutations {
    private static final long[] EXTREMES = {
        0,
        1,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x7FFF_FFFFL,
        0x8000_0000L,
        0xFFFF_FFFFL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1
    };

    private Mutations() {}

    static byte[] of(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        int rounds = 1 + random.nextInt(3);
        for (int round = 0; round < rounds && bytes.length > 0; round++) bytes = once(bytes, random);
        return bytes;
    }

    private static byte[] once(byte[] bytes, SplittableRandom random) {
        // Headers stand at the beginning, directories at either end.
        int at = switch (random.nextInt(3)) {
            case 0 -> random.nextInt(Math.min(bytes.length, 256));
            case 1 -> bytes.length - 1 - random.nextInt(Math.min(bytes.length, 512));
            default -> random.nextInt(bytes.length);
        };
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2, 3 -> word(bytes, at, random);
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(64)), (byte) 0);
            case 6 -> {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(64));
                byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
                System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
                return shorter;
            }
            default -> {
                int length = 1 + random.nextInt(64);
                byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
                System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
                for (int i = at; i < at + length; i++) longer[i] = (byte) random.nextInt(256);
                return longer;
            }
        }
        return bytes;
    }

    private static void word(byte[] bytes, int at, SplittableRandom random) {
        long value = EXTREMES[random.nextInt(EXTREMES.length)];
        int width = 1 << random.nextInt(4);
        boolean big = random.nextBoolean();
        for (int i = 0; i < width && at + i < bytes.length; i++)
            bytes[at + i] = (byte) (value >> 8 * (big ? width - 1 - i : i));
    }
}
