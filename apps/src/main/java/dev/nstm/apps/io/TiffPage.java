package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.TiffDirectory.Page;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one page of a TIFF keeps its pixels, and the pixels: grey, colours or a palette of them; in strips or tiles. */
final class TiffPage {
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int FILL_ORDER = 266;
    private static final int DESCRIPTION = 270;
    private static final int STRIP_OFFSETS = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTES = 279;
    private static final int PLANAR = 284;
    private static final int PREDICTOR = 317;
    private static final int PALETTE = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;

    private static final int WHITE_IS_ZERO = 0;
    private static final int COLOURS = 2;
    private static final int INDEXED = 3;
    private static final Map<Integer, String> OTHER_COLOURS =
            Map.of(4, "a mask", 5, "CMYK", 6, "YCbCr", 8, "CIE Lab", 32803, "a colour filter array");
    private static final int UNSIGNED = 1;
    private static final int SIGNED = 2;
    private static final int FLOATING = 3;
    private static final int MOST_SAMPLES = 64;

    private final Page page;
    private final TiffDirectory directory;
    private final int height;
    private final int width;
    private final int bits;
    private final int format;
    private final int samples;
    private final long compression;
    private final long photometric;
    private final int predictor;
    private final boolean apart;
    private final boolean stack;
    private final boolean tiled;
    private final int partWidth;
    private final int partHeight;

    private TiffPage(Page page, TiffDirectory directory) {
        this.page = page;
        this.directory = directory;
        long rows = page.value(HEIGHT, "height");
        long columns = page.value(WIDTH, "width");
        require(
                rows > 0 && columns > 0 && rows <= Integer.MAX_VALUE && columns <= Integer.MAX_VALUE,
                "%s claims %dx%d pixels",
                page.where(),
                rows,
                columns);
        height = (int) rows;
        width = (int) columns;
        bits = (int) page.value(BITS, 0, 1);
        format = format(page);
        long perPixel = page.value(SAMPLES, 0, 1);
        require(perPixel >= 1 && perPixel <= MOST_SAMPLES, "%s claims %d values per pixel", page.where(), perPixel);
        samples = (int) perPixel;
        compression = page.value(COMPRESSION, 0, 1);
        photometric = page.value(PHOTOMETRIC, 0, 1);
        // Only these methods have differences; elsewhere the tag is left over from another program.
        predictor = TiffCompression.hasDifferences(compression) ? (int) page.value(PREDICTOR, 0, 1) : 1;
        apart = page.value(PLANAR, 0, 1) == 2 && samples > 1;
        // Unless told otherwise, a Python library saves a stack of three or four pictures as colours; the shape in its
        // description shows that it is a stack.
        stack = apart
                && page.text(DESCRIPTION)
                        .matches("(?s)\\{\"shape\": \\[(\\d+, )*" + samples + ", " + height + ", " + width + "\\].*");
        tiled = page.has(TILE_WIDTH);
        partWidth = tiled ? part(page, TILE_WIDTH, "width of its tiles") : width;
        partHeight = tiled
                ? part(page, TILE_HEIGHT, "height of its tiles")
                : (int) Math.clamp(page.value(ROWS_PER_STRIP, 0, height), 1, height);
        checkKind();
        checkSize();
    }

    static TiffPage of(Page page, TiffDirectory directory) {
        return new TiffPage(page, directory);
    }

    /** Undefined samples count as unsigned. */
    private static int format(Page page) {
        long format = page.value(SAMPLE_FORMAT, 0, UNSIGNED);
        return format == 4 ? UNSIGNED : (int) format;
    }

    private static int part(Page page, int tag, String meaning) {
        long size = page.value(tag, meaning);
        require(size > 0 && size <= 1 << 20, "%s claims %d for the %s", page.where(), size, meaning);
        return (int) size;
    }

    private void checkKind() {
        boolean known = switch (format) {
            case UNSIGNED -> bits >= 1 && bits <= 32 || bits == 64;
            case SIGNED -> bits == 8 || bits == 16 || bits == 32 || bits == 64;
            case FLOATING -> bits == 16 || bits == 32 || bits == 64;
            default -> false;
        };
        require(
                known,
                "%s has pixels of %d bits in sample format %d, which are not read; 1 to 32 and 64 bit integers and floats of 16, 32 and 64 bit are",
                page.where(),
                bits,
                format);
        for (int sample = 1; sample < Math.min(samples, page.count(BITS)); sample++) {
            require(
                    page.value(BITS, sample, bits) == bits,
                    "%s has values of %d and %d bits in one pixel, which is not read",
                    page.where(),
                    bits,
                    page.value(BITS, sample, bits));
        }
        require(
                page.value(FILL_ORDER, 0, 1) == 1,
                "%s has the bits of every byte reversed (fill order 2), which is not read",
                page.where());
        require(
                !OTHER_COLOURS.containsKey((int) photometric),
                "%s is %s, which is not read; save it grey, or in red, green and blue",
                page.where(),
                OTHER_COLOURS.get((int) photometric));
        require(
                predictor == 1 || predictor == 2 && bits % 8 == 0 || predictor == 3 && format == FLOATING,
                "%s has predictor %d for pixels of %d bits in sample format %d, which is not read",
                page.where(),
                predictor,
                bits,
                format);
    }

    /** What is claimed must be possible with the bytes that are there. */
    private void checkSize() {
        int list = tiled ? TILE_OFFSETS : STRIP_OFFSETS;
        long parts = parts();
        require(
                partBytes() <= Integer.MAX_VALUE - 64,
                "%s keeps %d bytes in one piece, more than is read",
                page.where(),
                partBytes());
        require(
                page.count(list) >= parts,
                "%s has %d %s of pixels but needs %d",
                page.where(),
                page.count(list),
                tiled ? "tiles" : "strips",
                parts);
        long needed = tiled
                ? Math.multiplyExact(parts, partBytes())
                : Math.multiplyExact(Math.multiplyExact(rowBytes(), height), apart ? samples : 1);
        require(
                needed / TiffCompression.largestRatio(compression)
                        <= directory.bytes().byteSize(),
                "%s claims %dx%d pixels, which need %d bytes; the file has %d and is cut off or damaged",
                page.where(),
                height,
                width,
                needed,
                directory.bytes().byteSize());
    }

    private long parts() {
        return (long) Math.ceilDiv(height, partHeight) * Math.ceilDiv(width, partWidth) * (apart ? samples : 1);
    }

    private int samplesOfPart() {
        return apart ? 1 : samples;
    }

    private long rowBytes() {
        return (Math.multiplyExact((long) partWidth * samplesOfPart(), bits) + 7) / 8;
    }

    private long partBytes() {
        return Math.multiplyExact(rowBytes(), partHeight);
    }

    /** Refuses what lies outside, and what is more than fits into memory. */
    void check(Selection selection, long pages) {
        boolean turned = page.value(ORIENTATION, 0, 1) >= 5;
        selection.check(
                pages,
                photometric == INDEXED ? 3 : colours(),
                turned ? width : height,
                turned ? height : width,
                directory.file());
    }

    /** Whether it holds several pictures, which others would take for colours. */
    boolean isStack() {
        return stack;
    }

    String size() {
        return height + "x" + width;
    }

    int height() {
        return height;
    }

    /**
     * The pictures, each with its colours apart: usually one.
     *
     * @param region outside of which values may be missing
     */
    List<List<Grid2D>> pictures(Optional<Region> region) {
        List<Grid2D> grids = decode(asStored(region));
        return stack ? grids.stream().map(List::of).toList() : List.of(grids);
    }

    /** Bytes of a page that is one uncompressed strip. */
    long uncompressedBytes() {
        require(
                compression == 1 && !tiled && samples == 1,
                "%s: pages behind the first are described by it alone, which must be uncompressed and grey",
                page.where());
        long size = ((long) width * bits + 7) / 8 * height;
        require(size <= Integer.MAX_VALUE - 64, "%s takes %d bytes, more than is read", page.where(), size);
        return size;
    }

    long firstByte() {
        return page.value(STRIP_OFFSETS, "pixels");
    }

    /** Values that are not transparency or the like. */
    private int colours() {
        if (stack) return samples;
        if (photometric == COLOURS) return Math.min(3, samples);
        if (photometric == INDEXED) return 1;
        int extra = 0;
        for (int i = 0; i < Math.min(page.count(EXTRA_SAMPLES), samples - 1); i++)
            if (page.value(EXTRA_SAMPLES, i, 0) != 0) extra++;
        return samples - extra;
    }

    /** What a region needs of the page as it is stored: all of it where it is turned to be shown. */
    Region asStored(Optional<Region> region) {
        return region.filter(part -> page.value(ORIENTATION, 0, 1) <= 1)
                .map(part -> part.in(height, width))
                .orElse(new Region(0, 0, height, width));
    }

    /**
     * The picture in one strip's bytes; what is not among the rows is missing.
     *
     * @param plain the rows' bytes
     */
    List<Grid2D> at(Region rows, byte[] plain) {
        Grid2D grid = new Grid2D(height, width);
        place(List.of(grid), plain, rows.row(), 0, rows.height(), 0);
        return finished(List.of(grid));
    }

    /** The picture, colours apart. */
    private List<Grid2D> decode(Region needed) {
        List<Grid2D> grids = new ArrayList<>();
        for (int colour = 0; colour < colours(); colour++) grids.add(new Grid2D(height, width));
        int across = Math.ceilDiv(width, partWidth);
        int down = Math.ceilDiv(height, partHeight);
        for (int part = 0; part < parts(); part++) {
            int sample = part / (across * down);
            if (apart && sample >= grids.size()) break;
            int row = part / across % down * partHeight;
            int column = part % across * partWidth;
            int rows = tiled ? partHeight : Math.min(partHeight, height - row);
            if (!needed.touchesRows(row, rows) || !needed.touchesColumns(column, partWidth)) continue;
            place(grids, unpacked(part, (int) (rowBytes() * rows)), row, column, rows, sample);
        }
        return finished(grids);
    }

    private byte[] unpacked(int part, int size) {
        String where = page.where() + ", " + (tiled ? "tile " : "strip ") + part;
        long from = page.value(tiled ? TILE_OFFSETS : STRIP_OFFSETS, part, 0);
        long length = page.value(tiled ? TILE_BYTES : STRIP_BYTES, part, compression == 1 ? size : 0);
        if (compression == 1) length = size;
        require(
                from >= 0 && length > 0 && from <= directory.bytes().byteSize() - length,
                "%s is cut off or damaged: %d bytes from byte %d on reach beyond the file's end (%d bytes)",
                where,
                length,
                from,
                directory.bytes().byteSize());
        require(length <= Integer.MAX_VALUE - 64, "%s is damaged: it claims %d bytes", where, length);
        require(
                size / TiffCompression.largestRatio(compression) <= length,
                "%s is cut off or damaged: %d bytes cannot be made of %d",
                where,
                size,
                length);
        return TiffCompression.unpacked(
                compression, directory.bytes().asSlice(from, length).toArray(ValueLayout.JAVA_BYTE), size, where);
    }

    /** Puts a strip or tile into the pictures. */
    private void place(List<Grid2D> grids, byte[] plain, int firstRow, int firstColumn, int rows, int firstSample) {
        int perPixel = samplesOfPart();
        int rowBytes = (int) rowBytes();
        ByteBuffer buffer = ByteBuffer.wrap(plain).order(predictor == 3 ? ByteOrder.BIG_ENDIAN : directory.order());
        for (int y = 0; y < Math.min(rows, height - firstRow); y++) {
            if (predictor == 2) addDifferences(buffer, y * rowBytes);
            if (predictor == 3) joinPlanes(plain, y * rowBytes, rowBytes);
            for (int x = 0; x < Math.min(partWidth, width - firstColumn); x++) {
                for (int sample = 0; sample < perPixel; sample++) {
                    int colour = firstSample + sample;
                    if (colour < grids.size())
                        grids.get(colour).values()[(firstRow + y) * width + firstColumn + x] =
                                value(buffer, y * rowBytes, x * perPixel + sample);
                }
            }
        }
    }

    /** Every value was stored as its difference from the one before it in its row and colour. */
    private void addDifferences(ByteBuffer row, int from) {
        int step = samplesOfPart();
        for (int i = step; i < partWidth * step; i++) {
            switch (bits) {
                case 8 -> row.put(from + i, (byte) (row.get(from + i) + row.get(from + i - step)));
                case 16 ->
                    row.putShort(
                            from + 2 * i, (short) (row.getShort(from + 2 * i) + row.getShort(from + 2 * (i - step))));
                case 32 -> row.putInt(from + 4 * i, row.getInt(from + 4 * i) + row.getInt(from + 4 * (i - step)));
                case 64 -> row.putLong(from + 8 * i, row.getLong(from + 8 * i) + row.getLong(from + 8 * (i - step)));
                default ->
                    throw new InvalidInputException(
                            page.where() + " has differences of " + bits + "-bit values, which are not read");
            }
        }
    }

    /**
     * Restores values that were stored as differences of bytes, all highest bytes of a row first and all lowest bytes
     * last (Adobe's technical note 3).
     */
    private void joinPlanes(byte[] plain, int from, int rowBytes) {
        int step = samplesOfPart();
        int bytes = bits / 8;
        int count = partWidth * step;
        for (int i = step; i < rowBytes; i++) plain[from + i] += plain[from + i - step];
        byte[] planes = Arrays.copyOfRange(plain, from, from + rowBytes);
        for (int i = 0; i < count; i++)
            for (int b = 0; b < bytes; b++) plain[from + i * bytes + b] = planes[b * count + i];
    }

    private double value(ByteBuffer buffer, int row, int index) {
        return switch (10 * bits + format) {
            case 81 -> Byte.toUnsignedInt(buffer.get(row + index));
            case 82 -> buffer.get(row + index);
            case 161 -> Short.toUnsignedInt(buffer.getShort(row + 2 * index));
            case 162 -> buffer.getShort(row + 2 * index);
            case 163 -> Float.float16ToFloat(buffer.getShort(row + 2 * index));
            case 241 ->
                directory.order() == ByteOrder.LITTLE_ENDIAN
                        ? buffer.getShort(row + 3 * index) & 0xffff | (buffer.get(row + 3 * index + 2) & 0xff) << 16
                        : packed(buffer, row, index);
            case 321 -> Integer.toUnsignedLong(buffer.getInt(row + 4 * index));
            case 322 -> buffer.getInt(row + 4 * index);
            case 323 -> buffer.getFloat(row + 4 * index);
            case 641 -> NpyFormat.unsigned(buffer.getLong(row + 8 * index));
            case 642 -> buffer.getLong(row + 8 * index);
            case 643 -> buffer.getDouble(row + 8 * index);
            default -> packed(buffer, row, index);
        };
    }

    /** Unsigned values without gaps, highest bit first, rows padded to bytes. */
    private double packed(ByteBuffer buffer, int row, int index) {
        long value = 0;
        for (long bit = (long) index * bits; bit < (long) (index + 1) * bits; bit++)
            value = value << 1 | buffer.get(row + (int) (bit >>> 3)) >>> 7 - (int) (bit & 7) & 1;
        return value;
    }

    /** With the palette's colours, grey counted from black, and the first row at the top. */
    private List<Grid2D> finished(List<Grid2D> grids) {
        List<Grid2D> shown = photometric == INDEXED ? coloured(grids.getFirst()) : grids;
        if (photometric == WHITE_IS_ZERO && format == UNSIGNED) {
            double white = Math.pow(2, bits) - 1;
            for (Grid2D grid : shown)
                for (int i = 0; i < grid.values().length; i++) grid.values()[i] = white - grid.values()[i];
        }
        int orientation = (int) page.value(ORIENTATION, 0, 1);
        return orientation <= 1 || orientation > 8
                ? shown
                : shown.stream().map(grid -> turned(grid, orientation)).toList();
    }

    private List<Grid2D> coloured(Grid2D indices) {
        int entries = (int) (page.count(PALETTE) / 3);
        require(entries > 0, "%s says nothing of its palette", page.where());
        require(entries <= 1 << 16, "%s claims a palette of %d colours", page.where(), entries);
        List<Grid2D> colours = new ArrayList<>();
        for (int colour = 0; colour < 3; colour++) {
            double[] palette = new double[entries];
            for (int i = 0; i < entries; i++) palette[i] = page.value(PALETTE, colour * entries + i, 0) >> 8;
            Grid2D grid = new Grid2D(height, width);
            for (int i = 0; i < grid.values().length; i++) {
                int index = (int) indices.values()[i];
                require(index < entries, "%s has colour %d in a palette of %d", page.where(), index, entries);
                grid.values()[i] = palette[index];
            }
            colours.add(grid);
        }
        return colours;
    }

    /** Orientations 2 to 4 mirror rows and columns; 5 to 8 exchange them besides. */
    private static Grid2D turned(Grid2D grid, int orientation) {
        boolean exchanged = orientation >= 5;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        Grid2D turned = exchanged ? new Grid2D(grid.width(), grid.height()) : new Grid2D(grid.height(), grid.width());
        for (int i = 0; i < grid.values().length; i++) {
            int y = exchanged ? i % grid.width() : i / grid.width();
            int x = exchanged ? i / grid.width() : i % grid.width();
            int row = fromBottom ? turned.height() - 1 - y : y;
            int column = fromRight ? turned.width() - 1 - x : x;
            turned.values()[row * turned.width() + column] = grid.values()[i];
        }
        return turned;
    }
}
