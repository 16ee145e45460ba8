package dev.nstm.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/** What the double of the CUDA libraries can be told and asked. */
final class DoubleControl {
    private DoubleControl() {}

    /** Whether the libraries that are loaded are the double. */
    static boolean present() {
        return SymbolLookup.loaderLookup().find("nstm_double_live").isPresent();
    }

    /** From now on the n-th call of a function fails with a status; 0 lets all succeed. */
    static void fail(String function, int call, int status) {
        try (Arena arena = Arena.ofConfined()) {
            call(
                    "nstm_double_fail",
                    FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                    arena.allocateFrom(function),
                    call,
                    status);
        }
    }

    /** The driver's version, the number of GPUs and the memory of each. */
    static void machine(int version, int devices, long memory) {
        call(
                "nstm_double_machine",
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
                version,
                devices,
                memory);
    }

    /** The shared memory that a block can be allowed. */
    static void sharedBytesOfBlock(int bytes) {
        call("nstm_double_shared", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), bytes);
    }

    /** Whether the tensor cores round their factors, as they do. */
    static void tensorRounding(boolean on) {
        call("nstm_double_rounding", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), on ? 1 : 0);
    }

    static void reset() {
        fail("", 0, 0);
        machine(13000, 1, 8L << 30);
        sharedBytesOfBlock(99 << 10);
        tensorRounding(true);
    }

    /** Everything that was taken and not given back. */
    static int live() {
        return (int) call("nstm_double_live", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }

    /** Memory, of allocations and of blocks, that was written to beyond its end. */
    static int overruns() {
        return (int) call("nstm_double_overruns", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }

    private static Object call(String function, FunctionDescriptor type, Object... arguments) {
        try {
            return Linker.nativeLinker()
                    .downcallHandle(SymbolLookup.loaderLookup().findOrThrow(function), type)
                    .invokeWithArguments(arguments);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
