package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.sim.Timestamps;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "timestamps",
        mixinStandardHelpOptions = true,
        description = "Writes the times of a SIM stack's pages from exposure and delays, for data.timestamps.",
        footer = {"", "Example:", "  nstm timestamps --planes 9 --exposure 10 --direction-delay 30 --out times.csv"})
final class TimestampsCommand implements Callable<Integer> {
    @Option(
            names = "--time-points",
            paramLabel = "N",
            defaultValue = "1",
            description = "Time points (default: ${DEFAULT-VALUE}).")
    private int timePoints;

    @Option(
            names = "--directions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Directions (default: ${DEFAULT-VALUE}).")
    private int directions;

    @Option(
            names = "--phases",
            paramLabel = "N",
            defaultValue = "5",
            description = "Phases (default: ${DEFAULT-VALUE}).")
    private int phases;

    @Option(
            names = "--planes",
            paramLabel = "N",
            defaultValue = "1",
            description = "Planes (default: ${DEFAULT-VALUE}).")
    private int planes;

    @Option(
            names = "--order",
            paramLabel = "AXES",
            defaultValue = "direction,z,phase",
            description = "What the pages count, slowest first (default: ${DEFAULT-VALUE}).")
    private String order;

    @Option(names = "--exposure", paramLabel = "MS", required = true, description = "Exposure of a page, milliseconds.")
    private double exposure;

    @Option(
            names = "--readout",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Pause after every page (default: ${DEFAULT-VALUE}).")
    private double readout;

    @Option(
            names = "--plane-delay",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Further pause where the plane changes (default: ${DEFAULT-VALUE}).")
    private double plane;

    @Option(
            names = "--direction-delay",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Further pause where the direction changes (default: ${DEFAULT-VALUE}).")
    private double direction;

    @Option(
            names = "--time-delay",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Further pause where the time point changes (default: ${DEFAULT-VALUE}).")
    private double time;

    @Option(names = "--out", paramLabel = "FILE.csv", required = true, description = "File to write.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        require(
                timePoints >= 1 && directions >= 1 && phases >= 1 && planes >= 1,
                "time points, directions, phases and planes must be at least 1, got %d, %d, %d and %d",
                timePoints,
                directions,
                phases,
                planes);
        require(
                exposure > 0 && readout >= 0 && plane >= 0 && direction >= 0 && time >= 0,
                "the exposure must be positive and no delay negative, got %s, %s, %s, %s and %s",
                exposure,
                readout,
                plane,
                direction,
                time);
        Timestamps.write(
                out,
                order,
                timePoints,
                directions,
                phases,
                planes,
                new Timestamps.Delays(exposure, readout, plane, direction, time));
        System.out.println("times of " + timePoints * directions * phases * planes + " pages in " + out);
        return 0;
    }
}
