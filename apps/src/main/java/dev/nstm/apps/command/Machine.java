package dev.nstm.apps.command;

import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.simd.PeakKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What the processor can do at most, measured here and now: the floor under the times of a run.
 *
 * @param operations floating-point operations a second of all threads together, doing nothing but multiply-adds
 * @param bytes read and written a second by all threads together, in arrays that no cache holds
 */
record Machine(double operations, double bytes) {
    private static final int PEAK_ROUNDS = 20_000;
    /**
     * Calls between two looks at the clock. Many short ones: a loop that is compiled while it runs may be left without
     * vectors, and measured a fiftieth of the peak in some runs.
     */
    private static final int PEAK_CALLS = 1000;

    private static final int ATTEMPTS = 3;
    /** Values of each of a thread's two arrays: 64 MB. */
    private static final int VALUES = 1 << 24;

    static Machine measured(int threads) {
        return new Machine(operations(threads), bytes(threads));
    }

    static double operations(int threads) {
        float[] results = new float[threads];
        return (double) PeakKernel.OPERATIONS
                * PEAK_ROUNDS
                * PEAK_CALLS
                * threads
                / seconds(threads, worker -> {
                    for (int call = 0; call < PEAK_CALLS; call++)
                        results[worker] += PeakKernel.run(PEAK_ROUNDS, worker + 1f);
                });
    }

    private static double bytes(int threads) {
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> arrays = new ArrayList<>();
            for (int i = 0; i < 2 * threads; i++) arrays.add(arena.allocate(4L * VALUES, 64));
            // y += a x reads two arrays and writes one.
            return 12.0
                    * VALUES
                    * threads
                    / seconds(
                            threads,
                            worker -> ElementwiseKernel.axpy(
                                    1, arrays.get(2 * worker), 0, arrays.get(2 * worker + 1), 0, VALUES));
        }
    }

    /** Least time in which all threads did their work. */
    private static double seconds(int threads, IntConsumer work) {
        double least = Double.POSITIVE_INFINITY;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<Thread> workers = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < threads; i++) {
                int worker = i;
                workers.add(Thread.ofPlatform().start(() -> work.accept(worker)));
            }
            for (Thread worker : workers) {
                try {
                    worker.join();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return least;
                }
            }
            least = Math.min(least, (System.nanoTime() - start) / 1e9);
        }
        return least;
    }
}
