package dev.nstm.jmh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the bookkeeping of a large batch costs: a recording is cut into 100,000 pieces, results are put in place of each
 * as if a cluster had made them, and the program plans, tells and joins them. Writes a table of seconds and memory.
 *
 * <pre>
 * java -cp 'jmh/target/lib/*' dev.nstm.jmh.ScheduleStudy DIRECTORY [WINDOWS] [COMMAND ...]
 * </pre>
 *
 * Needs GNU time; COMMAND is {@code ./nstm} by default, WINDOWS 1000.
 */
public final class ScheduleStudy {
    private static final int PATCH = 24;
    private static final int OVERLAP = 8;
    /** Along each side of the field. */
    private static final int PATCHES = 10;

    private static final int FIELD = PATCHES * (PATCH - OVERLAP) + OVERLAP;
    /** Absorption, phase and two axes of motion. */
    private static final int PARTS = 4;

    private final Path directory;
    private final int windows;
    private final List<String> command;

    private ScheduleStudy(Path directory, int windows, List<String> command) {
        this.directory = directory;
        this.windows = windows;
        this.command = command;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0 || Files.exists(Path.of(arguments[0]))) {
            System.err.println("the first argument must be a directory that is not there yet");
            System.exit(2);
        }
        int windows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        List<String> command =
                arguments.length > 2 ? Arrays.asList(arguments).subList(2, arguments.length) : List.of("./nstm");
        new ScheduleStudy(Files.createDirectories(Path.of(arguments[0])), windows, command).run();
    }

    private void run() throws IOException, InterruptedException {
        Path shots = directory.resolve("shots.npy");
        Files.write(shots, npy(new int[] {windows, FIELD, FIELD}));
        Path configuration = Files.writeString(directory.resolve("dpc.yaml"), """
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454}
                windows: {shots: 1}
                patches: {size: [%d, %d], overlap: %d}
                """.formatted(PATCH, PATCH, OVERLAP));
        Path batch = directory.resolve("batch");
        System.out.printf(
                Locale.ROOT, "| %d pieces | wall, s | memory, MB |%n|---|---|---|%n", windows * PATCHES * PATCHES);
        measure(
                "plan",
                "batch",
                "plan",
                configuration.toString(),
                "--data",
                shots.toString(),
                "--out",
                batch.toString());
        measure("status, nothing done", "batch", "status", batch.toString());
        byte[] frames = npy(new int[] {1, PARTS, 1, PATCH, PATCH});
        for (int window = 0; window < windows; window++)
            for (int patch = 0; patch < PATCHES * PATCHES; patch++) leave(batch, window, patch, frames);
        measure("status, all done", "batch", "status", batch.toString());
        measure("merge", "batch", "merge", batch.toString());
        measure("merge again", "batch", "merge", batch.toString());
    }

    /** What a piece leaves behind. */
    private static void leave(Path batch, int window, int patch, byte[] frames) throws IOException {
        Path piece =
                Files.createDirectories(batch.resolve(String.format(Locale.ROOT, "pieces/w%05d/p%05d", window, patch)));
        Files.writeString(piece.resolve("piece.json"), """
                {"axes": [{"name": "z", "size": 1, "spacing": 1, "unit": "px"},
                          {"name": "y", "size": %1$d, "spacing": 0.454, "unit": "um"},
                          {"name": "x", "size": %1$d, "spacing": 0.454, "unit": "um"}],
                 "channels": [{"name": "absorption", "unit": "", "label": "absorption"},
                              {"name": "phase", "unit": "rad", "label": "phase"}],
                 "coloured": false, "floating": [0, 1], "motionAxes": 2, "moved": [0, 0]}
                """.formatted(PATCH));
        Files.write(piece.resolve("frames.npy"), frames);
    }

    /** An array of small waves. */
    private static byte[] npy(int[] shape) {
        String extents = Arrays.toString(shape).replace("[", "(").replace("]", ")");
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + extents + ", }";
        int padded = (10 + header.length() + 1 + 63) / 64 * 64;
        int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        ByteBuffer bytes = ByteBuffer.allocate(padded + 4 * count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) (padded - 10));
        bytes.put((header + " ".repeat(padded - 10 - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) bytes.putFloat((float) (0.1 * Math.sin(0.37 * i)));
        return bytes.array();
    }

    private void measure(String title, String... words) throws IOException, InterruptedException {
        Path log = directory.resolve("time.txt");
        List<String> all = new ArrayList<>(List.of("/usr/bin/time", "-f", "%e %M", "-o", log.toString()));
        all.addAll(command);
        all.addAll(List.of(words));
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.txt").toFile())
                .start();
        if (process.waitFor() != 0)
            throw new IOException(title + " failed: " + Files.readString(directory.resolve("output.txt")));
        String[] figures = Files.readString(log).strip().split(" ");
        System.out.printf(
                Locale.ROOT, "| %s | %s | %.0f |%n", title, figures[0], Double.parseDouble(figures[1]) / 1024);
    }
}
