package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** NumPy's archive of named arrays. Reads booleans, integers, floats and
 * complex numbers (a last axis of 2: real and imaginary part) of either byte order; writes float32 and float64. */
public final class Npz {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LARGEST_HEADER = 64 * 1024;
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

    private Npz() {}

    /**
     * Reads all arrays.
     *
     * @throws InvalidInputException naming file and array where something is wrong with it
     */
    public static Map<String, NpyArray> read(Path file) throws IOException {
        require(Files.exists(file), "%s: no such file", file);
        require(Files.isRegularFile(file), "%s is not a file", file);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (!entry.getName().endsWith(".npy")) continue;
                String name = entry.getName().substring(0, entry.getName().length() - 4);
                try (InputStream in = zip.getInputStream(entry)) {
                    arrays.put(name, readArray(in, file + ": array \"" + name + "\""));
                }
            }
        } catch (ZipException broken) {
            throw new InvalidInputException(file + " is not an NPZ file or is cut off: " + broken.getMessage(), broken);
        }
        require(!arrays.isEmpty(), "%s holds no arrays", file);
        return arrays;
    }

    private static NpyArray readArray(InputStream stream, String where) throws IOException {
        try {
            DataInputStream in = new DataInputStream(stream);
            byte[] magic = in.readNBytes(8);
            require(magic.length == 8 && Arrays.equals(magic, 0, 6, MAGIC, 0, 6), "%s is not in NPY format", where);
            int length = magic[6] == 1 ? Short.toUnsignedInt(Short.reverseBytes(in.readShort())) : Integer.reverseBytes(in.readInt());
            require(length >= 0 && length <= LARGEST_HEADER, "%s claims a header of %d bytes; the file is damaged", where, Integer.toUnsignedLong(length));
            byte[] header = in.readNBytes(length);
            require(header.length == length, "%s is cut off in its header", where);
            return readValues(in, new String(header, StandardCharsets.ISO_8859_1), where);
        } catch (EOFException | ZipException broken) {
            throw new InvalidInputException(where + " is cut off or damaged", broken);
        }
    }

    private static NpyArray readValues(DataInputStream in, String header, String where) throws IOException {
        Matcher descr = DESCR.matcher(header);
        Matcher order = ORDER.matcher(header);
        Matcher shape = SHAPE.matcher(header);
        require(descr.find() && order.find() && shape.find(), "%s has an unreadable header (structured types are not supported)", where);
        String type = descr.group(1);
        require(!type.contains("O"), "%s holds Python objects, which are not read; save it as a plain number array (float32)", where);
        int[] extents = extents(shape.group(1), where);
        if (type.endsWith("c8") || type.endsWith("c16")) {
            require(order.group(1).equals("False"), "%s is a complex array in Fortran order, which is not read; save it with numpy.ascontiguousarray", where);
            extents = Arrays.copyOf(extents, extents.length + 1);
            extents[extents.length - 1] = 2;
            type = type.charAt(0) + (type.endsWith("c8") ? "f4" : "f8");
        }
        int bytes = elementBytes(type, where);
        long count = 1;
        for (int extent : extents) count *= extent;
        require(count * bytes <= Integer.MAX_VALUE - 64, "%s claims %d elements; more than 2 GB in one array is not supported", where, count);
        double[] values = new double[(int) count];
        byte[] buffer = new byte[bytes * 8192];
        for (int at = 0; at < values.length; ) {
            int part = Math.min(8192, values.length - at);
            int got = in.readNBytes(buffer, 0, part * bytes);
            require(got == part * bytes, "%s is cut off: %d of %d elements are there", where, at + got / bytes, values.length);
            decode(ByteBuffer.wrap(buffer, 0, got).order(type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN), type.substring(1), values, at, part);
            at += part;
        }
        return new NpyArray(extents, order.group(1).equals("True") ? rowMajor(values, extents) : values);
    }

    private static int elementBytes(String type, String where) {
        return switch (type.length() < 2 ? "" : type.substring(1)) {
            case "b1", "i1", "u1" -> 1;
            case "i2", "u2" -> 2;
            case "i4", "u4", "f4" -> 4;
            case "i8", "u8", "f8" -> 8;
            default -> throw new InvalidInputException(where + " has type " + type + "; real numbers are needed (float32, float64, integers)");
        };
    }

    private static int[] extents(String text, String where) {
        try {
            int[] extents = Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).mapToInt(Integer::parseInt).toArray();
            for (int extent : extents) require(extent > 0, "%s has shape (%s); an array without elements cannot be used", where, text);
            return extents;
        } catch (NumberFormatException broken) {
            throw new InvalidInputException(where + " has an unreadable shape (" + text + ")", broken);
        }
    }

    private static void decode(ByteBuffer in, String type, double[] values, int at, int count) {
        for (int i = at; i < at + count; i++) {
            values[i] = switch (type) {
                case "b1", "u1" -> Byte.toUnsignedInt(in.get());
                case "i1" -> in.get();
                case "u2" -> Short.toUnsignedInt(in.getShort());
                case "i2" -> in.getShort();
                case "u4" -> Integer.toUnsignedLong(in.getInt());
                case "i4" -> in.getInt();
                case "f4" -> in.getFloat();
                case "f8" -> in.getDouble();
                default -> in.getLong();
            };
        }
    }

    private static double[] rowMajor(double[] columnMajor, int[] extents) {
        double[] values = new double[columnMajor.length];
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            int source = 0;
            for (int axis = extents.length - 1; axis >= 0; axis--) {
                int stride = 1;
                for (int outer = 0; outer < axis; outer++) stride *= extents[outer];
                source += rest % extents[axis] * stride;
                rest /= extents[axis];
            }
            values[i] = columnMajor[source];
        }
        return values;
    }

    /** Writes arrays as float32 (scalars as float64) under a temporary name, then moves the file into place. */
    public static void write(Path file, Map<String, NpyArray> arrays) throws IOException {
        AtomicFile.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            zip.setLevel(1);
            for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
                ZipEntry member = new ZipEntry(entry.getKey() + ".npy");
                member.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(member);
                zip.write(encode(entry.getValue()));
                zip.closeEntry();
            }
            zip.finish();
        });
    }

    private static byte[] encode(NpyArray array) throws IOException {
        boolean scalar = array.shape().length == 0;
        String shape = Arrays.stream(array.shape()).mapToObj(e -> e + ",").reduce("", (a, b) -> a + b);
        String header = "{'descr': '" + (scalar ? "<f8" : "<f4") + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        int padded = (10 + header.length() + 1 + 63) / 64 * 64;
        header += " ".repeat(padded - 10 - header.length() - 1) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer body = ByteBuffer.allocate(array.values().length * (scalar ? 8 : 4)).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : array.values()) {
            if (scalar) body.putDouble(value);
            else body.putFloat((float) value);
        }
        out.write(body.array());
        return out.toByteArray();
    }
}
