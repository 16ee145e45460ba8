package dev.nstm.jmh;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Single-precision FFTW, planned by measurement, on arrays of its own. */
final class Fftw {
    static final String LIBRARY = "libfftw3f.so.3";
    static final String THREADS_LIBRARY = "libfftw3f_threads.so.3";
    private static final int FORWARD = -1;
    private static final int MEASURE = 0;

    private final MethodHandle execute;
    private final MemorySegment plan;
    private final MemorySegment input;
    private final MemorySegment output;

    /** @param real real input and half spectrum instead of a complex transform */
    Fftw(int[] extents, boolean real, int threads, Arena arena) throws Throwable {
        NativeLibrary library = NativeLibrary.find(LIBRARY)
                .orElseThrow(() -> new IllegalStateException("FFTW is not installed (" + LIBRARY + ")"));
        NativeLibrary parallel = NativeLibrary.find(THREADS_LIBRARY)
                .orElseThrow(
                        () -> new IllegalStateException("FFTW is installed without threads (" + THREADS_LIBRARY + ")"));
        int ignored = (int) parallel.function("fftwf_init_threads", FunctionDescriptor.of(JAVA_INT))
                .invokeExact();
        parallel.function("fftwf_plan_with_nthreads", FunctionDescriptor.ofVoid(JAVA_INT))
                .invokeExact(threads);
        long count = 1;
        for (int extent : extents) count *= extent;
        input = arena.allocate(8 * count, 64);
        output = arena.allocate(8 * (count + 2 * count / extents[extents.length - 1]), 64);
        MemorySegment sizes = arena.allocateFrom(JAVA_INT, extents);
        plan = real
                ? (MemorySegment) library.function(
                                "fftwf_plan_dft_r2c",
                                FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT))
                        .invokeExact(extents.length, sizes, input, output, MEASURE)
                : (MemorySegment) library.function(
                                "fftwf_plan_dft",
                                FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT))
                        .invokeExact(extents.length, sizes, input, output, FORWARD, MEASURE);
        execute = library.function("fftwf_execute", FunctionDescriptor.ofVoid(ADDRESS));
    }

    MemorySegment input() {
        return input;
    }

    MemorySegment output() {
        return output;
    }

    void execute() throws Throwable {
        execute.invokeExact(plan);
    }
}
