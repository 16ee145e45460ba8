package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.TrainedScene;
import dev.nstm.apps.report.Clock;
import dev.nstm.device.Device;
import dev.nstm.device.ElementFunction;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.Shape;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What must be known of a scene of pictures to show it after its training.
 *
 * @param channelUnits physical value of 1 in each channel of the trained scene
 * @param clock what the times are in the data, where that is known
 */
public record PictureField(int height, int width, double[] channelUnits, Optional<Clock> clock) {
    private static final String UNITS = "channel_units";

    /**
     * That of a finished reconstruction.
     *
     * @param directory that the run wrote
     * @param timeUnit of the system's clocks
     */
    public static PictureField in(Path directory, String timeUnit) throws IOException {
        Path result = Run.result(directory);
        Npz arrays = Npz.open(result);
        int[] shape = arrays.shape("recon");
        require(shape.length == 4 && arrays.has(UNITS), "%s was not written by nstm reconstruct", result);
        return new PictureField(shape[1], shape[2], arrays.get(UNITS).values(), Clock.kept(arrays, timeUnit));
    }

    /** What a result keeps of it beside scene and motion. */
    public Map<String, NpyContent> notes() {
        return Map.of(UNITS, NpyArray.of(channelUnits));
    }

    /**
     * @param output function of the scene network's output
     * @param directory of the results
     */
    public TrainedScene trained(
            Configuration c, Optional<ElementFunction> output, TrainingState state, Device device, Path directory) {
        return new TrainedScene(
                device,
                Networks.ofPictures(c, height, width, channelUnits.length, output),
                PixelGrid.of(Shape.of(height, width)),
                channelUnits,
                c.get(Keys.TRAINING_MOTION_RATE) > 0,
                state,
                directory);
    }
}
