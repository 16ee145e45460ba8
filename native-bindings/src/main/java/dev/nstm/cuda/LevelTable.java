package dev.nstm.cuda;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** All levels of a network's hash grids in device memory, as the {@code Level} of the kernels' sources. */
final class LevelTable {
    private static final int MAX_AXES = 4;
    private static final int LEVEL_BYTES = 4 * (4 + 3 * MAX_AXES + 4);

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
        int[] words = new int[LEVEL_BYTES / 4];
        words[0] = grid.axes();
        words[1] = grid.firstAxis();
        words[2] = grid.features();
        words[3] = grid.entries(level) - 1;
        int[] multipliers = grid.multipliers(level);
        for (int axis = 0; axis < grid.axes(); axis++) {
            words[4 + axis] = multipliers[axis];
            words[4 + MAX_AXES + axis] = Float.floatToRawIntBits(grid.low(axis));
            words[4 + 2 * MAX_AXES + axis] = Float.floatToRawIntBits(grid.cell(level, axis));
        }
        words[4 + 3 * MAX_AXES] = table;
        words[5 + 3 * MAX_AXES] = firstFeature;
        words[6 + 3 * MAX_AXES] = grid.levels();
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
