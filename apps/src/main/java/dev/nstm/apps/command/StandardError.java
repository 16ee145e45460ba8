package dev.nstm.apps.command;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The JVM greets every program that uses the Vector API with a warning on standard error before the program begins. The
 * launcher therefore starts it with standard error set aside, to be put back here.
 */
final class StandardError {
    /** Descriptor under which the launcher keeps the real standard error. */
    private static final String PROPERTY = "nstm.stderr";

    private StandardError() {}

    /** A line for people, after the program's name. */
    static void tell(String line) {
        System.err.println("nstm: " + line);
    }

    /** Makes descriptor 2 the real standard error again; does nothing without the launcher. */
    static void restore() {
        Integer descriptor = Integer.getInteger(PROPERTY);
        if (descriptor == null) return;
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle duplicate = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("dup2"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int result = (int) duplicate.invokeExact((int) descriptor, 2);
            if (result != 2) System.out.println("nstm: standard error could not be restored; messages may be missing");
        } catch (Throwable failure) {
            throw new IllegalStateException("cannot restore standard error", failure);
        }
    }
}
