package dev.nstm.apps.zarr;

import dev.nstm.tensor.InvalidInputException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Type of the elements of an array.
 *
 * @param kind i for integers, u for unsigned ones, f for floats, b for booleans
 * @param bytes of an element
 * @param order of these bytes
 */
record ZarrType(char kind, int bytes, ByteOrder order) {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final Pattern SECOND = Pattern.compile("([<>|])([iufb])([1248])");
    private static final Pattern THIRD = Pattern.compile("(int|uint|float|bool)(8|16|32|64)?");

    /** As NumPy names them, such as {@code <f4}. */
    static ZarrType ofVersion2(String name, Path where) {
        Matcher parts = SECOND.matcher(name);
        if (!parts.matches()) throw refused(name, where);
        return of(
                parts.group(2).charAt(0),
                Integer.parseInt(parts.group(3)),
                parts.group(1).equals(">"),
                name,
                where);
    }

    /** Such as {@code float32}. */
    static ZarrType ofVersion3(String name, boolean bigEndian, Path where) {
        Matcher parts = THIRD.matcher(name);
        if (!parts.matches() || parts.group(2) == null && !parts.group(1).equals("bool")) throw refused(name, where);
        return of(
                parts.group(1).charAt(0),
                parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2)) / 8,
                bigEndian,
                name,
                where);
    }

    private static ZarrType of(char kind, int bytes, boolean bigEndian, String name, Path where) {
        if (kind == 'f' && bytes == 1 || kind == 'b' && bytes > 1) throw refused(name, where);
        return new ZarrType(kind, bytes, bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static InvalidInputException refused(String name, Path where) {
        return new InvalidInputException(where + " holds elements of type \"" + name
                + "\", which are not read; integers of 1 to 8 bytes and floats of 2 to 8 are");
    }

    /** An element of a chunk. */
    double value(byte[] chunk, int index) {
        int at = index * bytes;
        long raw = switch (bytes) {
            case 1 -> chunk[at];
            case 2 -> swapped() ? Short.reverseBytes((short) SHORTS.get(chunk, at)) : (short) SHORTS.get(chunk, at);
            case 4 -> swapped() ? Integer.reverseBytes((int) INTS.get(chunk, at)) : (int) INTS.get(chunk, at);
            default -> swapped() ? Long.reverseBytes((long) LONGS.get(chunk, at)) : (long) LONGS.get(chunk, at);
        };
        return switch (kind) {
            case 'f' ->
                switch (bytes) {
                    case 2 -> Float.float16ToFloat((short) raw);
                    case 4 -> Float.intBitsToFloat((int) raw);
                    default -> Double.longBitsToDouble(raw);
                };
            case 'u' -> unsigned(raw);
            default -> raw;
        };
    }

    private double unsigned(long raw) {
        if (bytes == 8) return raw >= 0 ? raw : 2.0 * (raw >>> 1);
        return raw & (1L << 8 * bytes) - 1;
    }

    private boolean swapped() {
        return order == ByteOrder.BIG_ENDIAN;
    }
}
