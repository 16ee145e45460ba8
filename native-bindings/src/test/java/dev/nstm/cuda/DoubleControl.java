package dev.nstm.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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
            handle("nstm_double_fail", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)).invokeExact((MemorySegment) arena.allocateFrom(function), call, status);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The driver's version, the number of GPUs and the memory of each. */
    static void machine(int version, int devices, long memory) {
        try {
            handle("nstm_double_machine", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)).invokeExact(version, devices, memory);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void reset() {
        fail("", 0, 0);
        machine(13000, 1, 8L << 30);
    }

    /** Everything that was taken and not given back. */
    static int live() {
        return count("nstm_double_live");
    }

    /** Allocations that were written to beyond their end. */
    static int overruns() {
        return count("nstm_double_overruns");
    }

    private static int count(String function) {
        try {
            return (int) handle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeExact();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static MethodHandle handle(String function, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(SymbolLookup.loaderLookup().findOrThrow(function), type);
    }
}
