package dev.nstm.apps.sim;

import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Vocabulary;
import java.util.List;

/** Keys of structured illumination. */
public final class SimKeys {
    public static final Key<String> DATA_ORDER = Key.text(
            "data.order",
            "",
            "What the pages of a stack count, slowest first; of time, direction, phase and z. Time points that are not named come slowest. By default direction,z,phase; direction,phase,z of files (ImageJ, OME) that count planes first and then as many times as there are images.");
    /** Where neither the configuration nor the file says it. */
    static final String USUAL_ORDER = "direction,z,phase";

    public static final Key<Integer> DATA_TIME_POINTS =
            Key.integer("data.timePoints", "1", 1, 100_000, "How often all directions and phases were taken.");
    public static final Key<Integer> DATA_DIRECTIONS =
            Key.integer("data.directions", "3", 1, 100, "Directions of the light pattern.");
    public static final Key<Integer> DATA_PHASES =
            Key.integer("data.phases", "5", 3, 100, "Images per direction and plane.");
    public static final Key<String> DATA_TIMESTAMPS = Key.text(
            "data.timestamps",
            "",
            "CSV file with the time of every page (index, timestamp, timepoint, rot, z, phase); by default pages are taken at equal intervals.");
    public static final Key<Double> DATA_FLOOR = Key.atLeast(
            "data.floor", "0", 0, "counts", "Level of the dark camera; subtracted, what is below becomes 0.");

    public static final Key<Double> OPTICS_EXCITATION_WAVELENGTH = Key.length(
            "optics.excitationWavelength",
            0.1,
            20,
            "Wavelength of the exciting light in vacuum; 0.95 of the emitted light's by default.");
    public static final Key<Double> OPTICS_Z_STEP =
            Key.length("optics.zStep", 0.001, 100, "Distance of neighbouring planes; by default as the files say.");

    public static final Key<String> SIM_OTF = Key.text(
            "sim.otf",
            "",
            "Optical transfer functions: TIFF with a page per band, rows of radii, columns of axial frequencies as interleaved real and imaginary parts; or theoretical, from aperture and wavelengths.");
    public static final Key<String> SIM_PSF = Key.text(
            "sim.psf",
            "",
            "In place of sim.otf: widefield image of a bead, a page per plane, sampled like the raw images.");
    public static final Key<Double> SIM_OTF_PIXEL_SIZE = Key.positive(
            "sim.otfPixelSize", "", "um", "Pixel size that the OTF's radii stand for; that of the images by default.");
    public static final Key<Double> SIM_OTF_Z_STEP = Key.positive(
            "sim.otfZStep",
            "",
            "um",
            "Distance of planes that the OTF's axial frequencies stand for; that of the images by default.");
    public static final Key<String> SIM_PATTERN = Key.word(
            "sim.pattern",
            "auto",
            "Light of a direction: lines (two or three beams in a plane), a lattice of several gratings at once (hexagonal with 7 phases, square with 5; flat ones, in the focal plane), or whichever the images of a single direction show.",
            "auto",
            "lines",
            "lattice");
    public static final Key<double[]> SIM_ANGLES = Key.numbers(
            "sim.angles",
            "",
            -10,
            10,
            "radians",
            "Angle of each direction's pattern (lattice: of each of its gratings); an angle and the opposite one name the same lines; found from the images by default.");
    public static final Key<double[]> SIM_LINE_SPACINGS = Key.numbers(
            "sim.lineSpacings",
            "",
            0,
            100,
            "um",
            "Line spacing (first order) of each direction (lattice: of each of its gratings); found from the images by default.");
    public static final Key<double[]> SIM_PHASE_STEPS = Key.numbers(
            "sim.phaseSteps",
            "",
            -100,
            100,
            "radians",
            "Phase of the first order in each image of a direction; evenly spread by default.");
    public static final Key<String> SIM_TIMING = Key.word(
            "sim.timing",
            "image",
            "Whether the planes of an image count as taken at one time, or every plane has its own; the latter compares one plane per shot and takes as many times longer as there are planes.",
            "image",
            "plane");
    public static final Key<Double> SIM_ZOOM = Key.atLeast(
            "sim.zoom", "2", 1, "", "Oversampling of rows and columns: the scene has so many times as many.");
    public static final Key<double[]> SIM_PADDING = Key.numbers(
            "sim.padding",
            "2, 0, 0",
            0,
            1000,
            "samples",
            "Planes, rows and columns by which the scene extends beyond the images on every side.");
    public static final Key<Double> SIM_HELD_BACK =
            Key.fraction("sim.heldBack", "0", "Share of the gradient through band 0 that is dropped.");

    public static final Key<Double> OBJECT_COARSEST_CELL_Z =
            Key.positive("object.coarsestCellZ", "", "um", "Height of the coarsest level's cells; 4 steps by default.");
    public static final Key<Double> OBJECT_FINEST_CELL_Z =
            Key.positive("object.finestCellZ", "", "um", "Height of the finest level's cells; 1.25 steps by default.");

    public static final Key<Double> MOTION_FINEST_CELL_Z = Key.positive(
            "motion.finestCellZ", "", "um", "Height of the finest motion level's cells; 2.5 steps by default.");

    public static final Key<Double> BASELINE_WIENER_WEIGHT =
            Key.positive("baseline.wienerWeight", "1e-3", "", "Wiener weight, relative to the largest transfer.");
    public static final Key<Double> BASELINE_NOTCH_DEPTH =
            Key.atLeast("baseline.notchDepth", "0", 0, "", "Depth of the notch at the centre of each band, below 1.");
    public static final Key<Double> BASELINE_NOTCH_WIDTH =
            Key.positive("baseline.notchWidth", "0.3", "", "Width of the notch, as a share of the cutoff.");

    public static final Key<Integer> SIMULATION_PLANES =
            Key.integer("simulation.planes", "7", 1, 1000, "Planes of the simulated volume.");
    public static final Key<Double> SIMULATION_BLEACHING = Key.fraction(
            "simulation.bleaching", "0", "Share of its brightness that the specimen has lost in the last image.");

    /** All that its configurations may say, in the order of the documentation. */
    static final List<Key<?>> ALL = Vocabulary.bySection(
            Keys.MEASUREMENT,
            List.of(
                    Keys.DATA_SERIES,
                    Keys.DATA_CHANNEL,
                    Keys.DATA_PAGES,
                    Keys.DATA_SHOTS,
                    Keys.DATA_HOT_PIXELS,
                    Keys.DATA_TAPER,
                    DATA_ORDER,
                    DATA_TIME_POINTS,
                    DATA_DIRECTIONS,
                    DATA_PHASES,
                    Keys.DATA_CROP,
                    DATA_TIMESTAMPS,
                    DATA_FLOOR,
                    Keys.OPTICS_WAVELENGTH,
                    OPTICS_EXCITATION_WAVELENGTH,
                    Keys.OPTICS_NUMERICAL_APERTURE,
                    OPTICS_Z_STEP,
                    Keys.OPTICS_MEDIUM_INDEX,
                    SIM_OTF,
                    SIM_PSF,
                    SIM_OTF_PIXEL_SIZE,
                    SIM_OTF_Z_STEP,
                    SIM_PATTERN,
                    SIM_ANGLES,
                    SIM_LINE_SPACINGS,
                    SIM_PHASE_STEPS,
                    SIM_TIMING,
                    SIM_ZOOM,
                    SIM_PADDING,
                    SIM_HELD_BACK),
            Keys.NETWORKS,
            List.of(OBJECT_COARSEST_CELL_Z, OBJECT_FINEST_CELL_Z, MOTION_FINEST_CELL_Z),
            Keys.TRAINING,
            List.of(
                    Keys.TRAINING_INSTRUMENT_RATE,
                    Keys.LOSS_MARGIN,
                    Keys.LOSS_NEGATIVE_WEIGHT,
                    BASELINE_WIENER_WEIGHT,
                    BASELINE_NOTCH_DEPTH,
                    BASELINE_NOTCH_WIDTH,
                    Keys.UNCERTAINTY_REPLICAS),
            Keys.PIECES,
            Keys.SIMULATION,
            List.of(SIMULATION_PLANES, SIMULATION_BLEACHING, Keys.SIMULATION_PHOTONS));

    private SimKeys() {}
}
