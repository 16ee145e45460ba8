package dev.nstm.cuda;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the tests of every device on the one that {@code -Dnstm.test.device} names, outside of a build: those in the
 * jars of tests on the class path. Exit code 1 where one fails or none runs.
 */
public final class GpuCheck {
    private GpuCheck() {}

    public static void main(String[] arguments) throws IOException {
        List<DiscoverySelector> classes = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (path.endsWith("-tests.jar")) classes.addAll(classesOf(path));
        }
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes)
                .filters(TagFilter.includeTags("device"))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.err), 5);
        System.out.printf(
                "tests: %d passed, %d failed, %d skipped%n",
                summary.getTestsSucceededCount(),
                summary.getTotalFailureCount(),
                summary.getTestsSkippedCount() + summary.getTestsAbortedCount());
        System.exit(summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() > 0 ? 0 : 1);
    }

    /** The image that this runs on has no file system for jars, so JUnit cannot look for classes itself. */
    private static List<DiscoverySelector> classesOf(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith("Test.class"))
                    .<DiscoverySelector>map(
                            name -> selectClass(name.replace('/', '.').replaceAll("\\.class$", "")))
                    .toList();
        }
    }
}
