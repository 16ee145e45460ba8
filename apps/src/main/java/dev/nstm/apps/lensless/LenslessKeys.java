package dev.nstm.apps.lensless;

import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Vocabulary;
import java.util.List;

/** Keys of the lensless camera. */
public final class LenslessKeys {
    public static final Key<String> CAMERA_PSF = Key.text(
            "camera.psf",
            "",
            "Picture of a point source, TIFF or PNG, from the same sensor as the photograph; not needed where an NPZ file brings psf, which then counts as prepared, like the photograph in it.");
    public static final Key<String> CAMERA_BACKGROUND = Key.text(
            "camera.background",
            "0",
            "What the dark sensor shows: a level in counts, the name of a picture of it, or border for the level along the picture's own border; subtracted from the photograph, what is below becomes 0.");
    public static final Key<String> CAMERA_PSF_BACKGROUND =
            Key.text("camera.psfBackground", "", "The same for the point source; as camera.background by default.");
    public static final Key<Integer> CAMERA_DOWNSAMPLING = Key.integer(
            "camera.downsampling", "1", 1, 64, "Sensor rows and columns that are averaged to one of the photograph.");
    public static final Key<Integer> CAMERA_ROLL = Key.integer(
            "camera.roll",
            "0",
            -10_000,
            10_000,
            "Columns by which the averaged photograph is turned round, to bring the scene to the middle.");
    public static final Key<String> CAMERA_SHUTTER = Key.word(
            "camera.shutter",
            "dual",
            "Rows open from both ends towards the middle, from the first to the last, or all at once.",
            "dual",
            "single",
            "global");
    public static final Key<Double> CAMERA_ROW_TIME =
            Key.positive("camera.rowTime", "27.52", "us", "Time from one sensor row to the next.");
    public static final Key<Double> CAMERA_EXPOSURE =
            Key.positive("camera.exposure", "1320", "us", "Time for which a row is open.");
    public static final Key<Integer> CAMERA_WINDOW = Key.integer(
            "camera.window",
            "20",
            1,
            100_000,
            "Moments that are rendered together; rows open within them only are compared.");
    public static final Key<Integer> CAMERA_WINDOW_PARTS = Key.integer(
            "camera.windowParts",
            "1",
            1,
            1000,
            "Pieces of neighbouring moments that a window is made of, spread evenly over the exposure; 1 as published.");
    public static final Key<Double> CAMERA_FIELD = Key.fraction(
            "camera.field",
            "0.5",
            "Share of the sensor's rows and columns that the scene has; 0.5 as published. What lies further out is not modelled.");
    public static final Key<Integer> CAMERA_FRAMES =
            Key.integer("camera.frames", "100", 1, 100_000, "Frames of the movie that is made of the photograph.");
    public static final Key<Double> CAMERA_BRIGHTNESS = Key.positive(
            "camera.brightness",
            "",
            "",
            "Brightness of the scene that its network counts as 1, relative to the brightest value of the photograph; found by a few steps of the conventional reconstruction.");

    public static final Key<Integer> BASELINE_ITERATIONS =
            Key.integer("baseline.iterations", "200", 1, 100_000, "Iterations of the conventional reconstruction.");
    public static final Key<Double> BASELINE_TOTAL_VARIATION = Key.atLeast(
            "baseline.totalVariation",
            "1e-3",
            0,
            "",
            "Weight of the total variation in the conventional reconstruction, relative to the largest first gradient.");

    public static final Key<Double> SIMULATION_TURN =
            Key.numberIn("simulation.turn", "60", -3600, 3600, "degrees", "Angle by which the object turns.");

    /** All that its configurations may say, in the order of the documentation. */
    static final List<Key<?>> ALL = Vocabulary.bySection(
            Keys.MEASUREMENT,
            List.of(
                    Keys.DATA_SERIES,
                    Keys.DATA_CHANNEL,
                    Keys.DATA_SHOTS,
                    Keys.DATA_HOT_PIXELS,
                    Keys.DATA_CROP,
                    CAMERA_PSF,
                    CAMERA_BACKGROUND,
                    CAMERA_PSF_BACKGROUND,
                    CAMERA_DOWNSAMPLING,
                    CAMERA_ROLL,
                    CAMERA_SHUTTER,
                    CAMERA_ROW_TIME,
                    CAMERA_EXPOSURE,
                    CAMERA_WINDOW,
                    CAMERA_WINDOW_PARTS,
                    CAMERA_FIELD,
                    CAMERA_FRAMES,
                    CAMERA_BRIGHTNESS),
            Keys.NETWORKS,
            Keys.TRAINING,
            List.of(
                    Keys.LOSS_NEGATIVE_WEIGHT,
                    BASELINE_ITERATIONS,
                    BASELINE_TOTAL_VARIATION,
                    Keys.UNCERTAINTY_REPLICAS),
            List.of(Keys.WINDOWS_SHOTS, Keys.WINDOWS_EPOCHS),
            Keys.SIMULATION,
            List.of(Keys.SIMULATION_PHOTONS, Keys.SIMULATION_NOISE, SIMULATION_TURN));

    private LenslessKeys() {}
}
