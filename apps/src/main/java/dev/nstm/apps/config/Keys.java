package dev.nstm.apps.config;

import dev.nstm.apps.config.Key.Kind;
import dev.nstm.apps.config.Key.Range;
import java.util.ArrayList;
import java.util.List;

/** Every key there is. {@code docs/configuration.md} is made from this list. */
public final class Keys {
    private static final String DPC = "dpc";
    private static final String SIM = "sim";
    private static final String CAMERA = "diffusercam";
    /** Stands for every system of a user's own. */
    static final String OWN_SYSTEM = "own";

    /** Systems that are built in. */
    public static final List<String> BUILT_IN = List.of(DPC, SIM, CAMERA);

    public static final Key<String> SYSTEM = new Key<>("system", Kind.TEXT, "dpc", new Range.Words(BUILT_IN), "", "Imaging system: dpc (differential phase contrast), sim (structured illumination), diffusercam (a lensless camera with a rolling shutter), or the name of a system of your own (docs/own-system.md), whose settings are the keys of the section own.");

    public static final Key<String> SCHEDULE = word("schedule", "fast",
            "Defaults of networks and training: fast, or as published (5000 steps on full pictures, hashed grids, published rates). Keys given besides prevail.", "fast", "published");

    public static final Key<String> GRID = word("grid", "hash",
            "Table of a grid level: hashed as published, dense (an entry for every vertex), or dense where that takes no more entries than the hash.", "hash", "auto", "dense");

    public static final Key<String> DATA_FILE = text("data.file", "", "Raw shots: an NPZ or NPY file, a stack (TIFF, MRC, DV, CZI), pictures separated by commas, a folder of pictures or a pattern such as shot_*.tif; --data takes its place.");
    public static final Key<String> BACKGROUND = word("data.background", "auto",
            "How raw pictures are brought to relative deviation from the background: not at all (none), or divided, minus 1, by a smooth surface of low order under the specimen, by their mean, or by their blurred self, which takes away whatever is larger than the blur. auto divides counts by the surface and leaves deviations as they are; with data.backgroundFile pictures are divided by that.",
            "auto", "none", "surface", "mean", "blur").of(DPC);
    public static final Key<String> BACKGROUND_FILE = text("data.backgroundFile", "", "Picture of the empty field, or one for every shot, by which the shots are divided.").of(DPC);
    public static final Key<Double> BACKGROUND_BLUR = positive("data.backgroundBlur", "25", "pixels", "Standard deviation of the blur for background: blur.").of(DPC);
    public static final Key<double[]> TIMES = numbers("data.times", "", -1, 1, "", "Time of each shot in [-1, 1]; by default as the data say (t), else evenly spaced. Lensless camera and own systems find it themselves.");

    public static final Key<Integer> SERIES = integer("data.series", "", 1, 100_000, "Which of a file's series (scenes, recordings) is read, from 1; must be given where there are several.").of(DPC, SIM, CAMERA);
    public static final Key<Integer> CHANNEL = integer("data.channel", "", 1, 1000, "Which of a file's channels is read, from 1; must be given where there are several.").of(DPC, SIM, CAMERA);
    public static final Key<String> PAGES = text("data.pages", "", "Pages that are used, from 1, such as 1-60,75; all by default.").of(DPC, SIM);

    public static final Key<Double> HOT_PIXELS = atLeast("data.hotPixels", "0", 0, "", "Pixels further than so many typical deviations from the median of their neighbours, and than these differ, are replaced by it; 0 leaves all as they are, 8 is usual.").of(DPC, SIM, CAMERA);
    public static final Key<Integer> TAPER = integer("data.taper", "0", 0, 10_000, "Rows and columns over which opposite borders of the raw pictures are brought together, for fields that are cut through bright parts; after data.crop.").of(DPC, SIM);

    public static final Key<String> ORDER = text("data.order", "direction,z,phase",
            "What the pages of a stack count, slowest first; of time, direction, phase and z. Time points that are not named come slowest.").of(SIM);
    public static final Key<Integer> TIME_POINTS = integer("data.timePoints", "1", 1, 100_000, "How often all directions and phases were taken.").of(SIM);
    public static final Key<Integer> DIRECTIONS = integer("data.directions", "3", 1, 100, "Directions of the light pattern.").of(SIM);
    public static final Key<Integer> PHASES = integer("data.phases", "5", 3, 100, "Images per direction and plane.").of(SIM);
    public static final Key<double[]> CROP = numbers("data.crop", "", 0, 1e6, "pixels", "First row, first column, rows and columns of the field that is used; all of it by default.").of(DPC, SIM, CAMERA);
    public static final Key<String> TIMESTAMPS = text("data.timestamps", "", "CSV file with the time of every page (index, timestamp, timepoint, rot, z, phase); by default pages are taken at equal intervals.").of(SIM);
    public static final Key<Double> FLOOR = atLeast("data.floor", "0", 0, "counts", "Level of the dark camera; subtracted, what is below becomes 0.").of(SIM);

    public static final Key<Double> WAVELENGTH = length("optics.wavelength", 0.1, 20, "Wavelength of the light in vacuum; by default as the data say (wavelength).").of(DPC, SIM);
    public static final Key<Double> EXCITATION = length("optics.excitationWavelength", 0.1, 20, "Wavelength of the exciting light in vacuum; 0.95 of the emitted light's by default.").of(SIM);
    public static final Key<Double> APERTURE = new Key<>("optics.numericalAperture", Kind.NUMBER, "", new Range.Numbers(0, true, 1.7), "", "Numerical aperture of the objective; by default as the data say (na).").of(DPC, SIM);
    public static final Key<Double> INNER_APERTURE = atLeast("optics.innerNumericalAperture", "0", 0, "", "Inner numerical aperture of annular light, for generated sources.").of(DPC);
    public static final Key<Double> ILLUMINATION_APERTURE = new Key<>("optics.illuminationNumericalAperture", Kind.NUMBER, "", new Range.Numbers(0, true, 1.7), "", "Outer numerical aperture of the light, for generated sources: that of a condenser stopped down; the objective's by default.").of(DPC);
    public static final Key<double[]> LEDS = numbers("optics.leds", "", -1.7, 1.7, "", "In place of rotations, positions of the light of each shot as numerical apertures: [[x, y], ...], x along the columns, y along the rows.").of(DPC);
    public static final Key<Double> PIXEL_SIZE = length("optics.pixelSize", 0.001, 100, "Pixel size in the specimen; by default as the data say (pixel_size).");
    public static final Key<Double> Z_STEP = length("optics.zStep", 0.001, 100, "Distance of neighbouring planes.").of(SIM);
    public static final Key<Double> MEDIUM_INDEX = numberIn("optics.mediumIndex", "1", 1, 3, "", "Refractive index between specimen and objective.").of(DPC, SIM);
    public static final Key<double[]> ROTATIONS = numbers("optics.rotations", "0, 90, 180, 270", -360, 360, "degrees",
            "Direction of the half source of each shot, where the data hold no source patterns (s): with 0 a shot is brighter where the phase rises downwards, with 90 to the left.").of(DPC);

    public static final Key<String> SIM_OTF = text("sim.otf", "", "Optical transfer functions: TIFF with a page per band, rows of radii, columns of axial frequencies as interleaved real and imaginary parts; or theoretical, from aperture and wavelengths.").of(SIM);
    public static final Key<String> SIM_PSF = text("sim.psf", "", "In place of sim.otf: widefield image of a bead, a page per plane, sampled like the raw images.").of(SIM);
    public static final Key<Double> SIM_OTF_PIXEL = positive("sim.otfPixelSize", "", "um", "Pixel size that the OTF's radii stand for; that of the images by default.").of(SIM);
    public static final Key<Double> SIM_OTF_STEP = positive("sim.otfZStep", "", "um", "Distance of planes that the OTF's axial frequencies stand for; that of the images by default.").of(SIM);
    public static final Key<String> SIM_PATTERN = word("sim.pattern", "auto",
            "Light of a direction: lines (two or three beams in a plane), a lattice of several gratings at once (hexagonal with 7 phases, square with 5; flat ones, in the focal plane), or whichever the images of a single direction show.", "auto", "lines", "lattice").of(SIM);
    public static final Key<double[]> SIM_ANGLES = numbers("sim.angles", "", -10, 10, "radians", "Angle of each direction's pattern (lattice: of each of its gratings); an angle and the opposite one name the same lines; found from the images by default.").of(SIM);
    public static final Key<double[]> SIM_SPACINGS = numbers("sim.lineSpacings", "", 0, 100, "um", "Line spacing (first order) of each direction (lattice: of each of its gratings); found from the images by default.").of(SIM);
    public static final Key<double[]> SIM_PHASES = numbers("sim.phaseSteps", "", -100, 100, "radians", "Phase of the first order in each image of a direction; evenly spread by default.").of(SIM);
    public static final Key<String> SIM_TIMING = word("sim.timing", "image",
            "Whether the planes of an image count as taken at one time, or every plane has its own; the latter compares one plane per shot and takes as many times longer as there are planes.", "image", "plane").of(SIM);
    public static final Key<Double> SIM_ZOOM = atLeast("sim.zoom", "2", 1, "", "Oversampling of rows and columns: the scene has so many times as many.").of(SIM);
    public static final Key<double[]> SIM_PADDING = numbers("sim.padding", "2, 0, 0", 0, 1000, "samples", "Planes, rows and columns by which the scene extends beyond the images on every side.").of(SIM);
    public static final Key<Double> SIM_HELD_BACK = fraction("sim.heldBack", "0", "Share of the gradient through band 0 that is dropped.").of(SIM);

    public static final Key<String> CAMERA_PSF = text("camera.psf", "", "Picture of a point source, TIFF or PNG, from the same sensor as the photograph; not needed where an NPZ file brings psf, which then counts as prepared, like the photograph in it.").of(CAMERA);
    public static final Key<String> CAMERA_BACKGROUND = text("camera.background", "0", "What the dark sensor shows: a level in counts, the name of a picture of it, or border for the level along the picture's own border; subtracted from the photograph, what is below becomes 0.").of(CAMERA);
    public static final Key<String> CAMERA_PSF_BACKGROUND = text("camera.psfBackground", "", "The same for the point source; as camera.background by default.").of(CAMERA);
    public static final Key<Integer> CAMERA_DOWNSAMPLING = integer("camera.downsampling", "1", 1, 64, "Sensor rows and columns that are averaged to one of the photograph.").of(CAMERA);
    public static final Key<Integer> CAMERA_ROLL = integer("camera.roll", "0", -10_000, 10_000, "Columns by which the averaged photograph is turned round, to bring the scene to the middle.").of(CAMERA);
    public static final Key<String> CAMERA_SHUTTER = word("camera.shutter", "dual", "Rows open from both ends towards the middle, from the first to the last, or all at once.", "dual", "single", "global").of(CAMERA);
    public static final Key<Double> CAMERA_ROW_TIME = positive("camera.rowTime", "27.52", "us", "Time from one sensor row to the next.").of(CAMERA);
    public static final Key<Double> CAMERA_EXPOSURE = positive("camera.exposure", "1320", "us", "Time for which a row is open.").of(CAMERA);
    public static final Key<Integer> CAMERA_WINDOW = integer("camera.window", "20", 1, 100_000, "Moments that are rendered together; rows open within them only are compared.").of(CAMERA);
    public static final Key<Integer> CAMERA_PARTS = integer("camera.windowParts", "1", 1, 1000, "Pieces of neighbouring moments that a window is made of, spread evenly over the exposure; 1 as published.").of(CAMERA);
    public static final Key<Double> CAMERA_FIELD = fraction("camera.field", "0.5", "Share of the sensor's rows and columns that the scene has; 0.5 as published. What lies further out is not modelled.").of(CAMERA);
    public static final Key<Integer> CAMERA_FRAMES = integer("camera.frames", "100", 1, 100_000, "Frames of the movie that is made of the photograph.").of(CAMERA);
    public static final Key<Double> CAMERA_BRIGHTNESS = positive("camera.brightness", "", "", "Brightness of the scene that its network counts as 1, relative to the brightest value of the photograph; found by a few steps of the conventional reconstruction.").of(CAMERA);

    public static final Key<Integer> OBJECT_LEVELS = integer("object.levels", "12", 1, 32, "Levels of the scene's hash grid.");
    public static final Key<Integer> OBJECT_FEATURES = integer("object.features", "2", 1, 8, "Features per table entry.");
    public static final Key<Integer> OBJECT_TABLE = integer("object.log2TableSize", "16", 4, 24, "Logarithm to base 2 of the entries per level.");
    public static final Key<Double> OBJECT_COARSEST = positive("object.coarsestCell", "", "um", "Cell size of the coarsest level; 150 pixels by default (SIM: ten finest cells; lensless camera and own systems: 60 pixels): the widest cells find the smooth background, which fine ones reach last.");
    public static final Key<Double> OBJECT_FINEST = positive("object.finestCell", "", "um",
            "Cell size of the finest level; by default a quarter of wavelength / NA (half the finest period that the light carries), but at least 1.4 pixels (SIM: half the finest period of all bands; lensless camera: 1.6, own systems: 1.5 pixels).");
    public static final Key<Double> OBJECT_COARSEST_Z = positive("object.coarsestCellZ", "", "um", "Height of the coarsest level's cells; 4 steps by default.").of(SIM);
    public static final Key<Double> OBJECT_FINEST_Z = positive("object.finestCellZ", "", "um", "Height of the finest level's cells; 1.25 steps by default.").of(SIM);
    public static final Key<Integer> OBJECT_WIDTH = integer("object.width", "128", 1, 1024, "Neurons per hidden layer of the scene network.");
    public static final Key<Integer> OBJECT_DEPTH = integer("object.depth", "2", 1, 16, "Hidden layers of the scene network.");
    public static final Key<Integer> OBJECT_SKIP = integer("object.skipLayer", "4", 1, 16, "The encoding joins again after every so many hidden layers.");
    public static final Key<String> OBJECT_ACTIVATION = word("object.activation", "gelu", "Activation of the scene network.", "gelu", "elu");

    public static final Key<String> MOTION_EMBEDDING = word("motion.embedding", "combined",
            "What the motion network sees: one hash grid over space and time, a grid over space and one over time, position with positionally encoded time, or raw position and time.",
            "combined", "separate", "posenc", "none");
    public static final Key<String> MOTION_SCALE = new Key<>("motion.scale", Kind.NUMBER_OR_WORD, "256", new Range.Words(List.of("field")), "pixels",
            "Displacement for a network output of 1; a number serves every field size at one learning rate, field takes the field's size as published.");
    public static final Key<Integer> MOTION_LEVELS = integer("motion.levels", "8", 1, 32, "Levels of the motion's hash grid.");
    public static final Key<Integer> MOTION_FEATURES = integer("motion.features", "2", 1, 8, "Features per table entry.");
    public static final Key<Integer> MOTION_TABLE = integer("motion.log2TableSize", "16", 4, 24, "Logarithm to base 2 of the entries per level.");
    public static final Key<Double> MOTION_CELL = positive("motion.finestCell", "", "um", "Cell size of the finest motion level; 28 pixels by default (SIM: ten finest cells of the scene; lensless camera: 12, own systems: 16 pixels). Neighbours within a cell move alike.");
    public static final Key<Double> MOTION_CELL_Z = positive("motion.finestCellZ", "", "um", "Height of the finest motion level's cells; 2.5 steps by default.").of(SIM);
    public static final Key<Integer> MOTION_TIME_CELLS = integer("motion.timeCells", "", 1, 10000, "Cells along time at the finest level; shots - 1 by default (SIM: 2 directions x time points - 1; lensless camera: 12; own systems: moments - 1, at most 12).");
    public static final Key<Integer> MOTION_WAVES = integer("motion.timeWaves", "6", 1, 32, "Frequencies of the time for embedding: posenc.");
    public static final Key<Integer> MOTION_WIDTH = integer("motion.width", "32", 1, 1024, "Neurons per hidden layer of the motion network.");
    public static final Key<Integer> MOTION_DEPTH = integer("motion.depth", "2", 1, 16, "Hidden layers of the motion network.");
    public static final Key<Integer> MOTION_SKIP = integer("motion.skipLayer", "6", 1, 16, "The encoding joins again after every so many hidden layers.");
    public static final Key<String> MOTION_ACTIVATION = word("motion.activation", "elu", "Activation of the motion network.", "gelu", "elu");

    public static final Key<Integer> EPOCHS = integer("training.epochs", "400", 1, 10_000_000, "Passes over all shots.");
    public static final Key<Integer> BATCH = integer("training.batchSize", "4", 1, 100_000, "Shots compared per step.");
    public static final Key<Integer> SEED = integer("training.seed", "1", 0, Integer.MAX_VALUE, "Seed of the first parameters and the order of shots.");
    public static final Key<String> ANNEALING = word("training.annealing", "published",
            "Order in which features open from coarse to fine: as published (feature 0 of every level first) or level by level.", "published", "by-level");
    public static final Key<Double> ANNEALED = fraction("training.annealedFraction", "0.5", "Share of the epochs after which all features are open; 0 opens them at once.");
    public static final Key<double[]> COARSE_SHARES = numbers("training.coarseShares", "0.3, 0.2", 0, 1, "",
            "Shares of the epochs that see reduced pictures, coarsest first: the last is for pictures reduced 2 times along each axis, the one before it 4 times.").of(DPC).orEmpty();
    public static final Key<Double> OBJECT_RATE = atLeast("training.objectRate", "0.01", 0, "", "Learning rate of the scene network.");
    public static final Key<Double> MOTION_RATE = atLeast("training.motionRate", "5e-4", 0, "", "Learning rate of the motion network; 0 reconstructs a scene that does not move.");
    public static final Key<Double> INSTRUMENT_RATE = atLeast("training.instrumentRate", "5e-3", 0, "", "Learning rate of the instrument's own parameters. SIM: the orders' strengths, which are trained once all features are open; 0 keeps the estimate.").of(SIM, OWN_SYSTEM);
    public static final Key<Double> DECAY_RATE = positive("training.decayRate", "0.1", "", "Factor on the learning rates over the decay steps.");
    public static final Key<Double> DECAY_STEPS = positive("training.decaySteps", "", "steps", "Steps over which the rates fall by the decay rate; all steps by default.");
    public static final Key<Double> RATE_FLOOR = atLeast("training.rateFloor", "0", 0, "", "Learning rates do not fall below this.");
    public static final Key<Integer> UPDATE_EVERY = integer("training.updateEvery", "1", 1, 100_000, "Steps whose gradients are summed before they are applied.");
    public static final Key<Integer> MOTION_DELAY = integer("training.motionDelay", "0", 0, 10_000_000, "Steps before the motion network begins to learn.");
    public static final Key<Integer> CHECKPOINT_EVERY = integer("training.checkpointEvery", "100", 1, 10_000_000, "Epochs between checkpoints.");

    public static final Key<Integer> MARGIN = integer("loss.margin", "5", 0, 10_000, "Pixels at each border that are not compared.").of(DPC, SIM);
    public static final Key<Double> ABSORPTION_WEIGHT = atLeast("loss.absorptionWeight", "1e-4", 0, "", "Weight of mean(max(-absorption, 0)^2); the absorption is positive where light is lost (with schedule: published, of max(absorption, 0), as published).").of(DPC);
    public static final Key<Double> PHASE_WEIGHT = atLeast("loss.phaseWeight", "2.5e-5", 0, "", "Weight of mean(phase^2), phase in radians.").of(DPC);
    public static final Key<Double> NEGATIVE_WEIGHT = atLeast("loss.negativeWeight", "3e-3", 0, "", "Weight of mean(max(-density, 0)), or of the brightness.").of(SIM, CAMERA);
    public static final Key<Double> MOTION_ROUGHNESS = atLeast("loss.motionRoughness", "0.03", 0, "",
            "Weight of the motion's roughness: the mean square of its derivatives in space. Larger values suit specimens that move as a whole.");
    public static final Key<Double> WHITENING_FLOOR = positive("loss.whiteningFloor", "0.07", "",
            "How much of the whitening of the phase is held back; small values recover slow phase variations sooner.").of(DPC);
    public static final Key<Double> WHITENED_FROM = fraction("loss.whitenedFrom", "",
            "Share of the epochs after which whitened pictures are compared. By default throughout (0) where absorption and phase explain the slow variation of the shots, never (1, as published) where the light is uneven.").of(DPC);

    public static final Key<Double> TIKHONOV_ABSORPTION = positive("baseline.absorptionWeight", "1e-4", "", "Tikhonov weight of the absorption in the conventional reconstruction.").of(DPC);
    public static final Key<Double> TIKHONOV_PHASE = positive("baseline.phaseWeight", "2.5e-5", "", "Tikhonov weight of the phase (radians) in the conventional reconstruction.").of(DPC);

    public static final Key<Double> WIENER_WEIGHT = positive("baseline.wienerWeight", "1e-3", "", "Wiener weight, relative to the largest transfer.").of(SIM);
    public static final Key<Double> NOTCH_DEPTH = atLeast("baseline.notchDepth", "0", 0, "", "Depth of the notch at the centre of each band, below 1.").of(SIM);
    public static final Key<Double> NOTCH_WIDTH = positive("baseline.notchWidth", "0.3", "", "Width of the notch, as a share of the cutoff.").of(SIM);

    public static final Key<Integer> LENSLESS_ITERATIONS = integer("baseline.iterations", "200", 1, 100_000, "Iterations of the conventional reconstruction.").of(CAMERA);
    public static final Key<Double> LENSLESS_VARIATION = atLeast("baseline.totalVariation", "1e-3", 0, "", "Weight of the total variation in the conventional reconstruction, relative to the largest first gradient.").of(CAMERA);

    public static final Key<Integer> SIMULATED_HEIGHT = integer("simulation.height", "128", 16, 8192, "Rows of the simulated pictures (lensless camera: of the sensor).");
    public static final Key<Integer> SIMULATED_WIDTH = integer("simulation.width", "160", 16, 8192, "Columns of the simulated pictures.");
    public static final Key<Integer> SIMULATED_PLANES = integer("simulation.planes", "7", 1, 1000, "Planes of the simulated volume.").of(SIM);
    public static final Key<Double> SIMULATED_PHOTONS = positive("simulation.photons", "", "", "Photons counted in the brightest pixel (DPC: in the background); SIM: 1000 by default, else light without grain.").of(DPC, SIM, CAMERA);
    public static final Key<Double> SIMULATED_DRIFT = atLeast("simulation.drift", "6", 0, "pixels", "How far the specimen drifts over the shots (SIM, lensless camera: in pixels of the scene).");
    public static final Key<Double> SIMULATED_SWIRL = atLeast("simulation.deformation", "2.5", 0, "pixels", "How far parts of it move against each other (SIM: in pixels of the scene).");
    public static final Key<Double> SIMULATED_NOISE = atLeast("simulation.noise", "0.005", 0, "", "Standard deviation of the noise, relative to the background (lensless camera: to the brightest value).").of(DPC, CAMERA);
    public static final Key<Double> SIMULATED_TURN = numberIn("simulation.turn", "60", -3600, 3600, "degrees", "Angle by which the object turns.").of(CAMERA);
    public static final Key<Double> SIMULATED_HOT = fraction("simulation.hotPixels", "0", "Share of the camera's pixels that are stuck at the brightest value.");
    public static final Key<String> SIMULATED_PHANTOM = word("simulation.phantom", "own", "What is simulated: the system's own specimen (cells, filaments, a falling object), or a test object.",
            "own", "shepp-logan", "resolution-target", "rods-and-triangles", "beads", "siemens-star");
    public static final Key<double[]> KEY_TIMES = numbers("simulation.keyTimes", "", -1, 1, "", "Times of keyframes; with these the specimen moves as the next keys say, each a value per keyframe, linear in between.").orEmpty();
    public static final Key<double[]> KEY_ROWS = numbers("simulation.shiftRows", "", -1e6, 1e6, "pixels", "Shift along the rows' axis at each keyframe.").orEmpty();
    public static final Key<double[]> KEY_COLUMNS = numbers("simulation.shiftColumns", "", -1e6, 1e6, "pixels", "Shift along the columns' axis at each keyframe.").orEmpty();
    public static final Key<double[]> KEY_ROTATION = numbers("simulation.rotation", "", -3600, 3600, "degrees", "Counter-clockwise turn at each keyframe.").orEmpty();
    public static final Key<double[]> KEY_SCALING = numbers("simulation.scaling", "", 0, 1000, "", "Scaling at each keyframe.").orEmpty();
    public static final Key<double[]> KEY_SHEAR = numbers("simulation.shear", "", -100, 100, "", "Shear at each keyframe: columns for each row of distance from the middle.").orEmpty();
    public static final Key<double[]> KEY_SWIRL = numbers("simulation.swirl", "", -3600, 3600, "degrees", "Swirl at each keyframe: a turn in the middle that falls off towards the border.").orEmpty();
    public static final Key<double[]> KEY_BENDING = numbers("simulation.bending", "", -1e6, 1e6, "pixels", "Local deformation at each keyframe: its largest displacement.").orEmpty();
    public static final Key<Double> KEY_BROWNIAN = atLeast("simulation.brownian", "0", 0, "pixels", "Standard deviation of the random steps from one keyframe to the next.");
    public static final Key<Integer> SIMULATED_SEED = integer("simulation.seed", "7", 0, Integer.MAX_VALUE, "Seed of specimen and noise.");

    /** Name of the section whose keys belong to a system of the user's own. */
    public static final String OWN = "own.";

    /** All keys in the order of the documentation. */
    public static final List<Key<?>> ALL = all();

    private Keys() {}

    private static List<Key<?>> all() {
        List<Key<?>> keys = new ArrayList<>();
        for (var field : Keys.class.getFields()) {
            try {
                if (field.get(null) instanceof Key<?> key) keys.add(key);
            } catch (IllegalAccessException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return List.copyOf(keys);
    }

    /** A setting of a system of the user's own. */
    static Key<String> own(String path) {
        return text(path, "", "");
    }

    private static Key<Double> positive(String path, String fallback, String unit, String meaning) {
        return new Key<>(path, Kind.NUMBER, fallback, new Range.Numbers(0, true, Double.POSITIVE_INFINITY), unit, meaning);
    }

    /** A length in micrometres between limits beyond which another unit was meant. */
    private static Key<Double> length(String path, double min, double max, String meaning) {
        return new Key<>(path, Kind.NUMBER, "", new Range.Lengths(min, max), "um", meaning);
    }

    private static Key<Double> atLeast(String path, String fallback, double min, String unit, String meaning) {
        return new Key<>(path, Kind.NUMBER, fallback, new Range.Numbers(min, false, Double.POSITIVE_INFINITY), unit, meaning);
    }

    private static Key<Double> numberIn(String path, String fallback, double min, double max, String unit, String meaning) {
        return new Key<>(path, Kind.NUMBER, fallback, new Range.Numbers(min, false, max), unit, meaning);
    }

    private static Key<Double> fraction(String path, String fallback, String meaning) {
        return new Key<>(path, Kind.NUMBER, fallback, new Range.Numbers(0, false, 1), "", meaning);
    }

    private static Key<Integer> integer(String path, String fallback, double min, double max, String meaning) {
        return new Key<>(path, Kind.INTEGER, fallback, new Range.Numbers(min, false, max), "", meaning);
    }

    private static Key<double[]> numbers(String path, String fallback, double min, double max, String unit, String meaning) {
        return new Key<>(path, Kind.NUMBERS, fallback, new Range.Numbers(min, false, max), unit, meaning);
    }

    private static Key<String> word(String path, String fallback, String meaning, String... words) {
        return new Key<>(path, Kind.WORD, fallback, new Range.Words(List.of(words)), "", meaning);
    }

    private static Key<String> text(String path, String fallback, String meaning) {
        return new Key<>(path, Kind.TEXT, fallback, new Range.Any(), "", meaning);
    }
}
