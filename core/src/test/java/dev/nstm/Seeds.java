package dev.nstm;

import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Random inputs of the tests: fresh ones in every run, the same again with {@code -Dnstm.test.seed=} and the number
 * that a failed test prints.
 */
public final class Seeds implements TestWatcher {
    private static final String PROPERTY = "nstm.test.seed";
    private static final long SEED = Long.getLong(PROPERTY, new SplittableRandom().nextLong());

    /** A generator that begins the same for every test of a run. */
    public static SplittableRandom random() {
        return new SplittableRandom(SEED);
    }

    @Override
    public void testFailed(ExtensionContext test, Throwable failure) {
        System.err.println(
                test.getDisplayName() + " failed; the same random inputs come again with -D" + PROPERTY + "=" + SEED);
    }
}
