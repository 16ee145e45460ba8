package dev.nstm.apps.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Writes TIFF files tag by tag, as no writer of ours does: every kind that other programs write can be made. */
final class HandmadeTiff {
    private HandmadeTiff() {}

    /**
     * A tag of a page: its number, its type (2 text, 3 short, 4 long, 5 fractions) and its values; negative ones count
     * from where the page's data begin.
     */
    record Tag(int number, int type, int... values) {}

    /** Pages of one strip or tile each. */
    static Path write(Path file, ByteOrder order, List<byte[]> data, Function<Integer, List<Tag>> tags)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 20).order(order);
        bytes.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'))
                .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'))
                .putShort((short) 42);
        int link = 4;
        int at = 8;
        for (int page = 0; page < data.size(); page++) {
            int place = at;
            bytes.put(at, data.get(page));
            at += data.get(page).length + data.get(page).length % 2;
            List<Tag> all = new ArrayList<>(tags.apply(page));
            if (all.stream().noneMatch(tag -> tag.number == 324 || tag.number == 273))
                all.addAll(List.of(new Tag(273, 4, place), new Tag(279, 4, data.get(page).length)));
            all.sort((a, b) -> Integer.compare(a.number, b.number));
            bytes.putInt(link, at).putShort(at, (short) all.size());
            int values = at + 2 + 12 * all.size() + 4;
            for (int i = 0; i < all.size(); i++) {
                Tag tag = all.get(i);
                int width = tag.type == 3 ? 2 : tag.type == 2 ? 1 : 4;
                int entry = at + 2 + 12 * i;
                int to = tag.values.length * width <= 4 ? entry + 8 : values;
                bytes.putShort(entry, (short) tag.number)
                        .putShort(entry + 2, (short) tag.type)
                        .putInt(entry + 4, tag.type == 5 ? tag.values.length / 2 : tag.values.length);
                if (to == values) {
                    bytes.putInt(entry + 8, values);
                    values += tag.values.length * width;
                }
                for (int v = 0; v < tag.values.length; v++) {
                    int value = tag.values[v] < 0 ? place + ~tag.values[v] : tag.values[v];
                    if (width == 1) bytes.put(to + v, (byte) value);
                    else if (width == 2) bytes.putShort(to + 2 * v, (short) value);
                    else bytes.putInt(to + 4 * v, value);
                }
            }
            link = at + 2 + 12 * all.size();
            at = values + values % 2;
        }
        return Files.write(file, Arrays.copyOf(bytes.array(), at));
    }

    static List<Tag> tags(int height, int width, int bits, int format, int compression, Tag... more) {
        List<Tag> tags = new ArrayList<>(List.of(
                new Tag(256, 4, width),
                new Tag(257, 4, height),
                new Tag(258, 3, bits),
                new Tag(259, 3, compression),
                new Tag(262, 3, 1),
                new Tag(277, 3, 1),
                new Tag(278, 4, height),
                new Tag(339, 3, format)));
        for (Tag tag : more) {
            tags.removeIf(other -> other.number == tag.number);
            tags.add(tag);
        }
        return tags;
    }

    static byte[] words(int[] values, ByteOrder order) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(order);
        for (int value : values) bytes.putShort((short) value);
        return bytes.array();
    }

    static Tag description(String text) {
        return new Tag(270, 2, (text + "\0").chars().toArray());
    }
}
