package dev.nstm.apps.batch;

import static dev.nstm.tensor.InvalidInputException.require;

import com.sun.management.OperatingSystemMXBean;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.Footprint;
import dev.nstm.apps.instrument.Instrument;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What memory a reconstruction will need, before any is taken.
 *
 * @param extent of the recording
 * @param footprint of the system
 * @param samplesOfPixel samples of the scene for a pixel of the camera
 */
public record MemoryPlan(Extent extent, Footprint footprint, double samplesOfPixel) {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s*(\\d+) kB");
    /** Patches are made this much larger, step by step. */
    private static final int STEP = 32;

    private static final int SMALLEST = 64;
    /** Windows that are advised where many shots are the trouble. */
    private static final int FEW_SHOTS = 16;

    /** That of a configuration's data; empty where it was not measured what the system takes. */
    public static Optional<MemoryPlan> of(Instrument instrument, Configuration c) throws IOException {
        return instrument.footprint(c).isPresent()
                ? instrument.extent(c).flatMap(extent -> of(instrument, c, extent))
                : Optional.empty();
    }

    /** The same of a recording whose extent is known. */
    public static Optional<MemoryPlan> of(Instrument instrument, Configuration c, Extent extent) {
        return instrument
                .footprint(c)
                .map(footprint -> new MemoryPlan(extent, footprint, instrument.samplesOfPixel(c)));
    }

    /** Bytes that so many shots of a part of the field need. */
    public long needed(int shots, int rows, int columns) {
        return footprint.bytes(samples(rows, columns), shots);
    }

    private double samples(int rows, int columns) {
        return (double) extent.planes() * rows * columns * samplesOfPixel;
    }

    /** Bytes of the configured recording as a whole, or of the part that the configuration uses. */
    private long needed(Configuration c) {
        int shots = c.find(Keys.DATA_SHOTS).map(window -> (int) window[1]).orElse(extent.shots());
        double[] crop = c.find(Keys.DATA_CROP).orElse(new double[] {0, 0, extent.rows(), extent.columns()});
        return crop.length == 4 ? needed(shots, (int) crop[2], (int) crop[3]) : 0;
    }

    /**
     * Refuses what does not fit into memory.
     *
     * @return what is needed and what is there, in a line
     */
    public String fitting(Configuration c) throws IOException {
        long needed = needed(c);
        long there = there();
        require(
                needed <= there,
                "%d shots of %dx%d need about %s of memory, %s are there; --memory %s cuts the field into patches that fit%s",
                c.find(Keys.DATA_SHOTS).map(window -> (int) window[1]).orElse(extent.shots()),
                extent.rows(),
                extent.columns(),
                text(needed),
                text(there),
                text(there / 2).replace(" ", "").replace("B", ""),
                extent.shots() > FEW_SHOTS ? " (or windows.shots: " + FEW_SHOTS / 4 + " into windows in time)" : "");
        return "memory: about " + text(needed) + " needed, " + text(there) + " there";
    }

    /**
     * The configuration with patches that fit into some memory, where the field as a whole does not.
     *
     * @param limit bytes
     */
    public Configuration cut(Configuration c, long limit) {
        int shots = Math.min(c.find(Keys.WINDOWS_SHOTS).orElse(extent.shots()), extent.shots());
        if (c.find(Keys.PATCHES_SIZE).isPresent() || needed(shots, extent.rows(), extent.columns()) <= limit) return c;
        int size = SMALLEST;
        require(
                needed(shots, size, size) <= limit,
                "windows of %d shots need about %s of memory even in patches of %dx%d, more than %s; give more, or fewer windows.shots",
                shots,
                text(needed(shots, size, size)),
                size,
                size,
                text(limit));
        while (needed(shots, rows(size + STEP), columns(size + STEP)) <= limit) size += STEP;
        return c.with(Keys.PATCHES_SIZE, new double[] {rows(size), columns(size)});
    }

    private int rows(int size) {
        return Math.min(size, extent.rows());
    }

    private int columns(int size) {
        return Math.min(size, extent.columns());
    }

    /** Seconds that so many shots of a part of the field take. */
    public double seconds(int shots, int rows, int columns, int epochs, int processors) {
        return footprint.seconds(samples(rows, columns), shots, epochs, processors);
    }

    /** Bytes of memory that this machine, or the container that it is, can still give. */
    public static long there() throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        Path linux = Path.of("/proc/meminfo");
        if (!Files.isReadable(linux)) return Math.max(system.getFreeMemorySize(), total / 2);
        Matcher available = AVAILABLE.matcher(Files.readString(linux));
        return available.find() ? Math.min(total, 1024 * Long.parseLong(available.group(1))) : total;
    }

    /** A size for people. */
    public static String text(long bytes) {
        return bytes < 1e9
                ? String.format(Locale.ROOT, "%.0f MB", Math.ceil(bytes / 1e6))
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
