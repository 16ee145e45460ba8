package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.apps.movie.Times;
import dev.nstm.device.Device;
import dev.nstm.training.TrainingState;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        aliases = "render",
        mixinStandardHelpOptions = true,
        description =
                "Shows a finished reconstruction at any number of times, also between the shots, in files that other programs open: NumPy's, OME-Zarr, OME-TIFF, which ImageJ opens too, and movies with scale bar and time (animated PNG and GIF and, where ffmpeg is installed, MP4).",
        footer = {
            "",
            "Examples:",
            "  nstm export nstm-out --times 100",
            "  nstm export nstm-out --format ome-zarr --ome-zarr 0.5 --channels phase,motion"
        })
final class ExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Output directory of a reconstruction.")
    private Path directory;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            split = ",",
            defaultValue = "ome-tiff,png,mp4,ome-zarr,npz",
            description =
                    "One or several of ome-tiff (or imagej), png, gif, mp4, ome-zarr, npz (default: ${DEFAULT-VALUE}).")
    private List<String> formats;

    @Option(
            names = "--times",
            paramLabel = "N",
            defaultValue = "100",
            description = "Times from the first shot to the last (default: ${DEFAULT-VALUE}).")
    private int times;

    @Option(
            names = "--channels",
            paramLabel = "NAME",
            split = ",",
            description = "Channels of the scene, or motion; all by default.")
    private List<String> channels;

    @Option(
            names = "--ome-zarr",
            paramLabel = "VERSION",
            defaultValue = "0.4",
            description = "Version of OME-Zarr, 0.4 or 0.5 (default: ${DEFAULT-VALUE}).")
    private String omeZarr;

    @Option(
            names = "--speed",
            paramLabel = "FPS",
            defaultValue = "20",
            description = "Frames per second of the movies (default: ${DEFAULT-VALUE}).")
    private int framesPerSecond;

    @Mixin
    private DeviceOptions computing;

    @Override
    public Integer call() throws Exception {
        require(times >= 1 && times <= 100_000, "--times must be 1 to 100000, got %d", times);
        require(framesPerSecond >= 1 && framesPerSecond <= 1000, "--speed must be 1 to 1000, got %d", framesPerSecond);
        Configuration configuration = Instruments.read(directory.resolve("config.yaml"), List.of());
        TrainingState state = Session.newest(directory);
        double[] moments = Times.across(configuration.get(Keys.DATA_TIMES), times);
        List<Output> outputs = Outputs.named(formats, omeZarr);
        try (Device device = computing.open();
                Movie movie = Instruments.of(configuration, List.of())
                        .again(directory, configuration, state, device, moments)) {
            Movie chosen = channels == null ? movie : movie.ofChannels(channels);
            System.out.print(
                    Outputs.export(chosen, directory, new Output.Names("movie", "movie", framesPerSecond), outputs));
        }
        return 0;
    }
}
