package dev.nstm.cuda;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** All levels of a network's hash grids in device memory, each a {@code Level} of the kernels' sources. */
final class LevelTable {
    static final Struct LEVEL = new Struct(
            "Level",
            List.of(
                    Struct.Field.of("int", "axes"),
                    Struct.Field.of("int", "firstAxis"),
                    Struct.Field.of("int", "features"),
                    Struct.Field.of("int", "mask"),
                    new Struct.Field("int", "multiplier", Definitions.MAX_AXES),
                    new Struct.Field("float", "low", Definitions.MAX_AXES),
                    new Struct.Field("float", "cell", Definitions.MAX_AXES),
                    Struct.Field.of("int", "table"),
                    Struct.Field.of("int", "firstFeature"),
                    Struct.Field.of("int", "featureStep"),
                    // Up to the alignment of four words.
                    Struct.Field.of("int", "padding")));

    private static final int LEVEL_BYTES = 4 * LEVEL.words();

    private final MemorySegment memory;
    private final int count;

    LevelTable(CudaContext context, NetworkLayout layout) {
        List<int[]> levels = new ArrayList<>();
        int feature = 0;
        for (int e = 0; e < layout.encodings().size(); e++) {
            if (layout.encodings().get(e) instanceof Encoding.HashGrid grid) {
                for (int level = 0; level < grid.levels(); level++)
                    levels.add(describe(grid, level, layout.tableOffset(e, level), feature + level));
            }
            feature += layout.encodings().get(e).featureCount();
        }
        count = levels.size();
        memory = count == 0 ? null : context.allocate((long) count * LEVEL_BYTES);
        if (count == 0) return;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate((long) count * LEVEL_BYTES, 8);
            for (int i = 0; i < count; i++)
                MemorySegment.copy(
                        levels.get(i), 0, host, ValueLayout.JAVA_INT, (long) i * LEVEL_BYTES, LEVEL_BYTES / 4);
            context.write(host, memory);
        }
    }

    private static int[] describe(Encoding.HashGrid grid, int level, int table, int firstFeature) {
        int[] words = new int[LEVEL.words()];
        words[LEVEL.at("axes")] = grid.axes();
        words[LEVEL.at("firstAxis")] = grid.firstAxis();
        words[LEVEL.at("features")] = grid.features();
        words[LEVEL.at("mask")] = grid.entries(level) - 1;
        int[] multipliers = grid.multipliers(level);
        for (int axis = 0; axis < grid.axes(); axis++) {
            words[LEVEL.at("multiplier") + axis] = multipliers[axis];
            words[LEVEL.at("low") + axis] = Float.floatToRawIntBits(grid.low(axis));
            words[LEVEL.at("cell") + axis] = Float.floatToRawIntBits(grid.cell(level, axis));
        }
        words[LEVEL.at("table")] = table;
        words[LEVEL.at("firstFeature")] = firstFeature;
        words[LEVEL.at("featureStep")] = grid.levels();
        return words;
    }

    /** Null where there are none. */
    MemorySegment memory() {
        return memory;
    }

    int count() {
        return count;
    }
}
