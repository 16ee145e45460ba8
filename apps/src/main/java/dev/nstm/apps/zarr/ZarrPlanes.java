package dev.nstm.apps.zarr;

import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Planes of an array. Chunks that hold several of them are kept until a plane of others is asked for. */
final class ZarrPlanes {
    private final ZarrArray array;
    private final int axes;
    private final int rows;
    private final int columns;
    private final boolean several;
    /** By row and column of chunks; those of {@link #outerChunk}. */
    private final Map<List<Integer>, Optional<byte[]>> kept = new HashMap<>();

    private int[] outerChunk = new int[0];

    ZarrPlanes(ZarrArray array) {
        this.array = array;
        axes = array.shape().length;
        rows = array.shape()[axes - 2];
        columns = array.shape()[axes - 1];
        several = Arrays.stream(array.chunk(), 0, axes - 2).anyMatch(extent -> extent > 1);
    }

    /**
     * Rows and columns at one place of all other axes.
     *
     * @param outer index along every axis but the last two
     * @return row after row
     */
    double[] at(int... outer) throws IOException {
        double[] plane = new double[Sizes.product("a plane", rows, columns)];
        Arrays.fill(plane, array.fill());
        int[] chunk = array.chunk();
        int[] index = new int[axes];
        int within = 0;
        for (int axis = 0; axis < axes - 2; axis++) {
            index[axis] = outer[axis] / chunk[axis];
            within = within * chunk[axis] + outer[axis] % chunk[axis];
        }
        forgetOthers(Arrays.copyOf(index, axes - 2));
        int height = chunk[axes - 2];
        int width = chunk[axes - 1];
        for (int row = 0; row < Math.ceilDiv(rows, height); row++) {
            for (int column = 0; column < Math.ceilDiv(columns, width); column++) {
                index[axes - 2] = row;
                index[axes - 1] = column;
                Optional<byte[]> bytes = chunk(index);
                if (bytes.isEmpty()) continue;
                for (int y = 0; y < Math.min(height, rows - row * height); y++)
                    for (int x = 0; x < Math.min(width, columns - column * width); x++)
                        plane[(row * height + y) * columns + column * width + x] =
                                array.type().value(bytes.get(), (within * height + y) * width + x);
            }
        }
        return plane;
    }

    private void forgetOthers(int[] outer) {
        if (Arrays.equals(outer, outerChunk)) return;
        kept.clear();
        outerChunk = outer;
    }

    private Optional<byte[]> chunk(int[] index) throws IOException {
        if (!several) return read(index);
        List<Integer> place = List.of(index[axes - 2], index[axes - 1]);
        Optional<byte[]> bytes = kept.get(place);
        if (bytes == null) {
            bytes = read(index);
            kept.put(place, bytes);
        }
        return bytes;
    }

    /** Empty where the chunk was never written. */
    private Optional<byte[]> read(int[] index) throws IOException {
        Path file = array.file(index);
        if (!Files.isRegularFile(file)) return Optional.empty();
        int size = array.chunkBytes();
        // Either may be the damaged one.
        String where = file + " (described by " + array.description().getFileName() + ")";
        byte[] bytes = Files.readAllBytes(file);
        for (int step = 0; step < array.packing().size(); step++) {
            // Checksums that are taken away later still belong to what this step unpacks.
            long later = array.packing().subList(step + 1, array.packing().size()).stream()
                    .filter(codec -> codec == ZarrCodec.CRC32C)
                    .count();
            bytes = array.packing().get(step).unpacked(bytes, (int) (size + ZarrCodec.CHECKSUM * later), where);
        }
        if (bytes.length != size)
            throw new InvalidInputException(
                    where + " is cut off or damaged: it holds " + bytes.length + " of " + size + " bytes");
        return Optional.of(bytes);
    }
}
