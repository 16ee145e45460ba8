package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's format of one array (NEP 1). Reads booleans, integers, floats of 2 to 16 bytes and complex numbers (a last
 * axis of 2: real and imaginary part) of either byte order.
 */
final class NpyFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LARGEST_HEADER = 64 * 1024;
    private static final int MOST_AXES = 32;
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");
    private static final int CHUNK = 8192;

    private NpyFormat() {}

    /**
     * What an array's header says.
     *
     * @param type as NumPy names it, such as {@code <f4}
     * @param extents outermost first
     * @param columnMajor whether the first axis is fastest
     * @param length of the header, bytes
     */
    private record Header(String type, int[] extents, boolean columnMajor, int length) {}

    static boolean begins(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * @param available bytes of header and values together
     * @param where file and array, for messages
     * @throws InvalidInputException where it is no such array, or of a kind that is not read
     */
    static NpyArray read(InputStream stream, long available, String where) throws IOException {
        return read(stream, available, where, Part.ALL);
    }

    /** The same of a part of the array; the others of its values are passed over. */
    static NpyArray read(InputStream stream, long available, String where, Part part) throws IOException {
        Elements elements = elements(stream, available, where, part);
        int[] extents = part.of(elements.extents, where);
        double[] values = new double[Sizes.product("an array", extents)];
        elements.read((index, value) -> {
            int place = part.place(index, elements.extents, extents);
            if (place >= 0) values[place] = value;
        });
        return new NpyArray(extents, values);
    }

    /** The same in single precision. */
    static NpyFloats readFloats(InputStream stream, long available, String where) throws IOException {
        Elements elements = elements(stream, available, where, Part.ALL);
        float[] values = new float[elements.count];
        elements.read((index, value) -> values[index] = (float) value);
        return new NpyFloats(elements.extents, values);
    }

    private static Elements elements(InputStream stream, long available, String where, Part part) throws IOException {
        try {
            DataInputStream in = new DataInputStream(stream);
            return elements(in, header(in, where), available, where, part);
        } catch (EOFException cut) {
            throw new InvalidInputException(where + " is cut off or damaged", cut);
        }
    }

    /** Extents of an array, from its header alone. */
    static int[] shape(InputStream stream, String where) throws IOException {
        try {
            return header(new DataInputStream(stream), where).extents;
        } catch (EOFException cut) {
            throw new InvalidInputException(where + " is cut off or damaged", cut);
        }
    }

    /** Whether an array is of a kind that {@link #read} reads, from its header alone. */
    static boolean holdsNumbers(InputStream stream) throws IOException {
        try {
            elementBytes(header(new DataInputStream(stream), "").type.replaceFirst("c(8|16)$", "f8"), "");
            return true;
        } catch (InvalidInputException | EOFException other) {
            return false;
        }
    }

    private static Header header(DataInputStream in, String where) throws IOException {
        byte[] magic = in.readNBytes(8);
        require(magic.length == 8 && begins(magic), "%s is not in NPY format", where);
        boolean narrow = magic[6] == 1;
        int length =
                narrow ? Short.toUnsignedInt(Short.reverseBytes(in.readShort())) : Integer.reverseBytes(in.readInt());
        require(
                length >= 0 && length <= LARGEST_HEADER,
                "%s claims a header of %d bytes; the file is damaged",
                where,
                Integer.toUnsignedLong(length));
        byte[] bytes = in.readNBytes(length);
        require(bytes.length == length, "%s is cut off in its header", where);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher descr = DESCR.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        require(order.find() && shape.find(), "%s has an unreadable header", where);
        require(
                descr.find(),
                "%s is a structured array, which is not read; save each of its columns as an array of its own",
                where);
        return new Header(
                descr.group(1),
                extents(shape.group(1), where),
                order.group(1).equals("True"),
                (narrow ? 10 : 12) + length);
    }

    private static int[] extents(String text, String where) {
        try {
            // Python 2 wrote long numbers with an L.
            int[] extents = Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .map(s -> s.replaceFirst("L$", ""))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            require(
                    extents.length <= MOST_AXES,
                    "%s has %d axes; NumPy has at most %d",
                    where,
                    extents.length,
                    MOST_AXES);
            for (int extent : extents)
                require(extent > 0, "%s has shape (%s); an array without elements cannot be used", where, text);
            return extents;
        } catch (NumberFormatException broken) {
            throw new InvalidInputException(where + " has an unreadable shape (" + text + ")", broken);
        }
    }

    private static Elements elements(DataInputStream in, Header header, long available, String where, Part part) {
        String type = header.type;
        require(
                !type.contains("O"),
                "%s holds Python objects, which are not read; save it as a plain number array (float32)",
                where);
        int[] extents = header.extents;
        boolean complex = type.endsWith("c8") || type.endsWith("c16");
        if (complex) {
            require(
                    !header.columnMajor,
                    "%s is a complex array in Fortran order, which is not read; save it with numpy.ascontiguousarray",
                    where);
            extents = Arrays.copyOf(extents, extents.length + 1);
            extents[extents.length - 1] = 2;
            type = type.charAt(0) + (type.endsWith("c8") ? "f4" : "f8");
        }
        int bytes = elementBytes(type, where);
        BigInteger count =
                Arrays.stream(extents).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
        BigInteger needed = count.multiply(BigInteger.valueOf(bytes)).add(BigInteger.valueOf(header.length));
        require(
                needed.bitLength() <= 31,
                "%s claims %s elements; more than 2 GB in one array is not supported",
                where,
                count);
        require(
                needed.longValue() <= available,
                "%s is cut off: %d of %s elements are there",
                where,
                Math.max(0, available - header.length) / bytes,
                count);
        Room.forValues(Sizes.product("an array", part.of(extents, where)), where);
        return new Elements(in, type, extents, header.columnMajor, count.intValueExact(), bytes, where);
    }

    /** Where an element goes. */
    private interface Place {
        /** @param index row-major */
        void put(int index, double value);
    }

    /**
     * The elements of an array that is known to be read.
     *
     * @param in behind the header
     * @param bytes of one
     */
    private record Elements(
            InputStream in, String type, int[] extents, boolean columnMajor, int count, int bytes, String where) {
        void read(Place place) throws IOException {
            ByteOrder order = type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            String kind = type.substring(1);
            byte[] buffer = new byte[bytes * CHUNK];
            double[] values = new double[CHUNK];
            for (int at = 0; at < count; ) {
                int part = Math.min(CHUNK, count - at);
                int got = in.readNBytes(buffer, 0, part * bytes);
                require(
                        got == part * bytes,
                        "%s is cut off: %d of %d elements are there",
                        where,
                        at + got / bytes,
                        count);
                decode(ByteBuffer.wrap(buffer, 0, got).order(order), kind, values, part);
                for (int i = 0; i < part; i++) place.put(columnMajor ? rowMajor(at + i, extents) : at + i, values[i]);
                at += part;
            }
        }
    }

    private static int elementBytes(String type, String where) {
        return switch (type.length() < 2 ? "" : type.substring(1)) {
            case "b1", "i1", "u1" -> 1;
            case "i2", "u2", "f2" -> 2;
            case "i4", "u4", "f4" -> 4;
            case "i8", "u8", "f8" -> 8;
            case "f16" -> 16;
            default ->
                throw new InvalidInputException(
                        where + " has type " + type + "; real numbers are needed (float32, float64, integers)");
        };
    }

    private static void decode(ByteBuffer in, String type, double[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case "b1", "u1" -> Byte.toUnsignedInt(in.get());
                case "i1" -> in.get();
                case "u2" -> Short.toUnsignedInt(in.getShort());
                case "i2" -> in.getShort();
                case "f2" -> Float.float16ToFloat(in.getShort());
                case "u4" -> Integer.toUnsignedLong(in.getInt());
                case "i4" -> in.getInt();
                case "f4" -> in.getFloat();
                case "f8" -> in.getDouble();
                case "u8" -> unsigned(in.getLong());
                case "f16" -> extended(in);
                default -> in.getLong();
            };
        }
    }

    /** A 64-bit number without sign, as near as double precision comes. */
    static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1 | value & 1) * 2.0;
    }

    /** The long double of x86 processors: 64 bits of fraction, 15 of exponent, the sign, and padding. */
    private static double extended(ByteBuffer in) {
        boolean big = in.order() == ByteOrder.BIG_ENDIAN;
        long padding = big ? in.getLong() : 0;
        long fraction = in.getLong();
        int top = big ? (int) (padding & 0xFFFF) : (int) (in.getLong() & 0xFFFF);
        double magnitude = (top & 0x7FFF) == 0x7FFF
                ? (fraction << 1 == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                : Math.scalb(unsigned(fraction), (top & 0x7FFF) - 16383 - 63);
        return (top & 0x8000) == 0 ? magnitude : -magnitude;
    }

    /** Where the element of an array in column-major order stands in row-major order. */
    private static int rowMajor(int columnMajor, int[] extents) {
        int rest = columnMajor;
        int stride = 1;
        for (int extent : extents) stride *= extent;
        int index = 0;
        for (int extent : extents) {
            stride /= extent;
            index += rest % extent * stride;
            rest /= extent;
        }
        return index;
    }

    /** As float32, a scalar as float64. */
    static void write(OutputStream out, NpyContent array) throws IOException {
        boolean scalar = array.shape().length == 0;
        String shape = Arrays.stream(array.shape()).mapToObj(e -> e + ",").reduce("", (a, b) -> a + b);
        String text =
                "{'descr': '" + (scalar ? "<f8" : "<f4") + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        int padded = (10 + text.length() + 1 + 63) / 64 * 64;
        byte[] header = (text + " ".repeat(padded - 10 - text.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        out.write(little(padded)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) header.length)
                .put(header)
                .array());
        switch (array) {
            case NpyArray whole
            when scalar -> out.write(little(8).putDouble(whole.values()[0]).array());
            case NpyArray whole -> {
                for (int at = 0; at < whole.values().length; at += CHUNK) {
                    ByteBuffer bytes = little(4 * Math.min(CHUNK, whole.values().length - at));
                    for (int i = at; bytes.hasRemaining(); i++) bytes.putFloat((float) whole.values()[i]);
                    out.write(bytes.array());
                }
            }
            case NpyFloats floats -> write(out, floats.values());
            case NpyParts parts -> {
                for (int part = 0; part < parts.count(); part++)
                    write(out, parts.part().apply(part));
            }
        }
    }

    private static void write(OutputStream out, float[] values) throws IOException {
        for (int at = 0; at < values.length; at += CHUNK) {
            ByteBuffer bytes = little(4 * Math.min(CHUNK, values.length - at));
            bytes.asFloatBuffer().put(values, at, bytes.capacity() / 4);
            out.write(bytes.array());
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
