package dev.nstm.apps.dpc;

import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Key.Kind;
import dev.nstm.apps.config.Key.Range;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Vocabulary;
import java.util.List;

/** Keys of differential phase contrast. */
public final class DpcKeys {
    public static final Key<String> DATA_BACKGROUND = Key.word(
            "data.background",
            "auto",
            "How raw pictures are brought to relative deviation from the background: not at all (none), or divided, minus 1, by a smooth surface of low order under the specimen, by their mean, or by their blurred self, which takes away whatever is larger than the blur. auto divides counts by the surface and leaves deviations as they are; with data.backgroundFile pictures are divided by that.",
            "auto",
            "none",
            "surface",
            "mean",
            "blur");
    public static final Key<String> DATA_BACKGROUND_FILE = Key.text(
            "data.backgroundFile",
            "",
            "Picture of the empty field, or one for every shot, by which the shots are divided.");
    public static final Key<Double> DATA_BACKGROUND_BLUR =
            Key.positive("data.backgroundBlur", "25", "pixels", "Standard deviation of the blur for background: blur.");

    public static final Key<Double> DATA_SATURATION = Key.positive(
            "data.saturation",
            "",
            "counts",
            "Value from which on a pixel of the camera counts as saturated; such pixels are not compared with the model. None by default.");

    public static final Key<Double> OPTICS_INNER_NUMERICAL_APERTURE = Key.atLeast(
            "optics.innerNumericalAperture",
            "0",
            0,
            "",
            "Inner numerical aperture of annular light, for generated sources.");
    public static final Key<Double> OPTICS_ILLUMINATION_NUMERICAL_APERTURE = new Key<>(
            "optics.illuminationNumericalAperture",
            Kind.NUMBER,
            "",
            new Range.Numbers(0, true, 1.7),
            "",
            "Outer numerical aperture of the light, for generated sources: that of a condenser stopped down; the objective's by default.");
    public static final Key<double[]> OPTICS_LEDS = Key.pairs(
            "optics.leds",
            -1.7,
            1.7,
            "",
            "In place of rotations, positions of the light of each shot as numerical apertures: [[x, y], ...], x along the columns, y along the rows.");
    public static final Key<Double> OPTICS_DEFOCUS = Key.numberIn(
            "optics.defocus",
            "0",
            -1000,
            1000,
            "um",
            "Distance of the specimen from the plane in focus, positive where it is the farther from the objective; nstm dpc estimate finds it from about half a depth of field (medium index x wavelength / NA^2) on.");
    public static final Key<double[]> OPTICS_ROTATIONS = Key.numbers(
            "optics.rotations",
            "0, 90, 180, 270",
            -360,
            360,
            "degrees",
            "Direction of the half source of each shot, where the data hold no source patterns (s): with 0 a shot is brighter where the phase rises downwards, with 90 to the left.");

    public static final Key<Double> LOSS_ABSORPTION_WEIGHT = Key.atLeast(
            "loss.absorptionWeight",
            "1e-4",
            0,
            "",
            "Weight of mean(max(-absorption, 0)^2); the absorption is positive where light is lost (with schedule: published, of max(absorption, 0), as published).");
    public static final Key<Double> LOSS_PHASE_WEIGHT =
            Key.atLeast("loss.phaseWeight", "2.5e-5", 0, "", "Weight of mean(phase^2), phase in radians.");
    public static final Key<Double> LOSS_WHITENING_FLOOR = Key.positive(
            "loss.whiteningFloor",
            "0.07",
            "",
            "How much of the whitening of the phase is held back; small values recover slow phase variations sooner.");
    public static final Key<Double> LOSS_WHITENED_FROM = Key.fraction(
            "loss.whitenedFrom",
            "",
            "Share of the epochs after which whitened pictures are compared. By default throughout (0) where absorption and phase explain the slow variation of the shots, never (1, as published) where the light is uneven.");

    public static final Key<String> LOSS_LIGHT = Key.word(
            "loss.light",
            "auto",
            "Whether every shot may have a smooth light of its own: a cubic surface in row and column that is fitted beside the scene. With it the slow part of the phase (quadratic in row and column, and less) is not determined. auto tries uneven light on reduced pictures where it is suspected, and takes it where pixels held out are then missed by less than 0.85 of the error.",
            "auto",
            "even",
            "uneven");

    public static final Key<Double> BASELINE_ABSORPTION_WEIGHT = Key.positive(
            "baseline.absorptionWeight",
            "",
            "",
            "Tikhonov weight of the absorption in the conventional reconstruction; found by generalised cross-validation by default.");
    public static final Key<Double> BASELINE_PHASE_WEIGHT = Key.positive(
            "baseline.phaseWeight",
            "",
            "",
            "Tikhonov weight of the phase (radians) in the conventional reconstruction, likewise.");

    public static final Key<Integer> SIMULATION_SHOTS = Key.integer(
            "simulation.shots",
            "",
            1,
            100_000,
            "Shots, for which the lights go on in their cycle; one for each light by default.");
    public static final Key<Double> SIMULATION_GROWTH = Key.fraction(
            "simulation.growth",
            "0",
            "Share by which some of the simulated cells' phase and absorption grow over the shots, while those of the others fade.");

    /** All that its configurations may say, in the order of the documentation. */
    static final List<Key<?>> ALL = Vocabulary.bySection(
            Keys.MEASUREMENT,
            List.of(
                    DATA_BACKGROUND,
                    DATA_BACKGROUND_FILE,
                    DATA_BACKGROUND_BLUR,
                    DATA_SATURATION,
                    Keys.DATA_SERIES,
                    Keys.DATA_CHANNEL,
                    Keys.DATA_PAGES,
                    Keys.DATA_SHOTS,
                    Keys.DATA_HOT_PIXELS,
                    Keys.DATA_TAPER,
                    Keys.DATA_CROP,
                    Keys.OPTICS_WAVELENGTH,
                    Keys.OPTICS_NUMERICAL_APERTURE,
                    OPTICS_INNER_NUMERICAL_APERTURE,
                    OPTICS_ILLUMINATION_NUMERICAL_APERTURE,
                    OPTICS_LEDS,
                    Keys.OPTICS_MEDIUM_INDEX,
                    OPTICS_DEFOCUS,
                    OPTICS_ROTATIONS),
            Keys.NETWORKS,
            Keys.TRAINING,
            List.of(
                    Keys.LOSS_MARGIN,
                    LOSS_ABSORPTION_WEIGHT,
                    LOSS_PHASE_WEIGHT,
                    LOSS_WHITENING_FLOOR,
                    LOSS_WHITENED_FROM,
                    LOSS_LIGHT,
                    Keys.UNCERTAINTY_REPLICAS,
                    BASELINE_ABSORPTION_WEIGHT,
                    BASELINE_PHASE_WEIGHT),
            Keys.PIECES,
            Keys.SIMULATION,
            List.of(SIMULATION_SHOTS, SIMULATION_GROWTH, Keys.SIMULATION_PHOTONS, Keys.SIMULATION_NOISE));

    private DpcKeys() {}
}
