package dev.nstm.apps.config;

import dev.nstm.apps.config.Key.Kind;
import dev.nstm.apps.config.Key.Range;
import java.util.List;

/**
 * Keys that all or several systems share; every system lists its other keys itself. A constant is named after its key.
 */
public final class Keys {
    public static final Key<String> SYSTEM = Key.text(
            "system",
            "dpc",
            "Imaging system: dpc (differential phase contrast), sim (structured illumination), lensless (a camera without a lens, with a rolling shutter; also diffusercam), or the name of a system of your own (docs/own-system.md), whose settings are the keys of the section own.");

    public static final Key<String> SCHEDULE = Key.word(
            "schedule",
            "fast",
            "Defaults of networks and training: fast, or as published (5000 steps on full pictures, hashed grids, published rates). Keys given besides prevail.",
            "fast",
            "published");

    public static final Key<String> GRID = Key.word(
            "grid",
            "hash",
            "Table of a grid level: hashed as published, dense (an entry for every vertex), or dense where that takes no more entries than the hash.",
            "hash",
            "auto",
            "dense");

    public static final Key<String> DATA_FILE = Key.text(
            "data.file",
            "",
            "Raw shots: an NPZ or NPY file, a stack (TIFF, MRC, DV, CZI), pictures separated by commas, a folder of pictures or a pattern such as shot_*.tif; --data takes its place.");
    public static final Key<double[]> DATA_TIMES = Key.numbers(
            "data.times",
            "",
            -1,
            1,
            "",
            "Time of each shot in [-1, 1]; by default as the data say (array t; the DeltaT of OME-TIFF, the times of a DV file), else evenly spaced. Lensless camera and own systems find it themselves.");
    public static final Key<Integer> DATA_SERIES = Key.integer(
            "data.series",
            "",
            1,
            100_000,
            "Which of a file's series (scenes, recordings) is read, from 1; must be given where there are several.");
    public static final Key<Integer> DATA_CHANNEL = Key.integer(
            "data.channel",
            "",
            1,
            1000,
            "Which of a file's channels is read, from 1; must be given where there are several.");
    public static final Key<String> DATA_PAGES =
            Key.text("data.pages", "", "Pages that are used, from 1, such as 1-60,75; all by default.");
    public static final Key<double[]> DATA_SHOTS = Key.numbers(
            "data.shots",
            "",
            1,
            1e6,
            "",
            "First shot, from 1, and number of shots that are used of a longer recording (SIM: images, in whole time points; lensless camera: one photograph); all by default. The lights of DPC go on in their cycle.");
    public static final Key<Double> DATA_HOT_PIXELS = Key.atLeast(
            "data.hotPixels",
            "0",
            0,
            "",
            "Pixels further than so many typical deviations from the median of their neighbours, and than these differ, are replaced by it; 0 leaves all as they are, 8 is usual. What data.crop cuts off is not looked at.");
    public static final Key<Integer> DATA_TAPER = Key.integer(
            "data.taper",
            "0",
            0,
            10_000,
            "Rows and columns over which opposite borders of the raw pictures are brought together, for fields that are cut through bright parts; after data.crop.");
    public static final Key<double[]> DATA_CROP = Key.numbers(
            "data.crop",
            "",
            0,
            1e6,
            "pixels",
            "First row, first column, rows and columns of the field that is used; all of it by default.");

    public static final Key<Double> OPTICS_WAVELENGTH = Key.length(
            "optics.wavelength",
            0.1,
            20,
            "Wavelength of the light in vacuum; by default as the data say (array wavelength; DV files).");
    public static final Key<Double> OPTICS_NUMERICAL_APERTURE = new Key<>(
            "optics.numericalAperture",
            Kind.NUMBER,
            "",
            new Range.Numbers(0, true, 1.7),
            "",
            "Numerical aperture of the objective; by default as the data say (na).");
    public static final Key<Double> OPTICS_PIXEL_SIZE = Key.length(
            "optics.pixelSize",
            0.001,
            100,
            "Pixel size in the specimen; by default as the data say (array pixel_size; TIFF, OME-Zarr, MRC, DV and CZI files that know it).");
    public static final Key<Double> OPTICS_MEDIUM_INDEX =
            Key.numberIn("optics.mediumIndex", "1", 1, 3, "", "Refractive index between specimen and objective.");

    public static final Key<Integer> UNCERTAINTY_REPLICAS = Key.integer(
            "uncertainty.replicas",
            "4",
            0,
            100,
            "Further trainings that the uncertainty is found from; with fewer than 2 there is none. For DPC they are short and see reduced pictures; of other systems each takes as long as the training itself, so that none is their default.");

    public static final Key<Integer> OBJECT_LEVELS =
            Key.integer("object.levels", "12", 1, 32, "Levels of the scene's hash grid.");
    public static final Key<Integer> OBJECT_FEATURES =
            Key.integer("object.features", "2", 1, 8, "Features per table entry.");
    public static final Key<Integer> OBJECT_LOG2_TABLE_SIZE =
            Key.integer("object.log2TableSize", "16", 4, 24, "Logarithm to base 2 of the entries per level.");
    public static final Key<Double> OBJECT_COARSEST_CELL = Key.positive(
            "object.coarsestCell",
            "",
            "um",
            "Cell size of the coarsest level; 150 pixels by default (SIM: ten finest cells; lensless camera and own systems: 60 pixels): the widest cells find the smooth background, which fine ones reach last.");
    public static final Key<Double> OBJECT_FINEST_CELL = Key.positive(
            "object.finestCell",
            "",
            "um",
            "Cell size of the finest level; by default a quarter of wavelength / NA (half the finest period that the light carries), but at least 1.4 pixels (SIM: half the finest period of all bands; lensless camera: 1.6, own systems: 1.5 pixels).");
    public static final Key<Integer> OBJECT_WIDTH =
            Key.integer("object.width", "32", 1, 1024, "Neurons per hidden layer of the scene network.");
    public static final Key<Integer> OBJECT_DEPTH =
            Key.integer("object.depth", "2", 1, 16, "Hidden layers of the scene network.");
    public static final Key<Integer> OBJECT_SKIP_LAYER =
            Key.integer("object.skipLayer", "4", 1, 16, "The encoding joins again after every so many hidden layers.");
    public static final Key<String> OBJECT_ACTIVATION =
            Key.word("object.activation", "gelu", "Activation of the scene network.", "gelu", "elu");

    public static final Key<String> MOTION_EMBEDDING = Key.word(
            "motion.embedding",
            "combined",
            "What the motion network sees: one hash grid over space and time, a grid over space and one over time, position with positionally encoded time, or raw position and time.",
            "combined",
            "separate",
            "posenc",
            "none");
    public static final Key<String> MOTION_SCALE = new Key<>(
            "motion.scale",
            Kind.NUMBER_OR_WORD,
            "256",
            new Range.Words(List.of("field")),
            "pixels",
            "Displacement for a network output of 1; a number serves every field size at one learning rate, field takes the field's size as published.");
    public static final Key<Integer> MOTION_LEVELS =
            Key.integer("motion.levels", "8", 1, 32, "Levels of the motion's hash grid.");
    public static final Key<Integer> MOTION_FEATURES =
            Key.integer("motion.features", "2", 1, 8, "Features per table entry.");
    public static final Key<Integer> MOTION_LOG2_TABLE_SIZE =
            Key.integer("motion.log2TableSize", "16", 4, 24, "Logarithm to base 2 of the entries per level.");
    public static final Key<Double> MOTION_FINEST_CELL = Key.positive(
            "motion.finestCell",
            "",
            "um",
            "Cell size of the finest motion level; 28 pixels by default (SIM: ten finest cells of the scene; lensless camera: 12, own systems: 16 pixels). Neighbours within a cell move alike.");
    public static final Key<Integer> MOTION_TIME_CELLS = Key.integer(
            "motion.timeCells",
            "",
            1,
            10000,
            "Cells along time at the finest level; shots - 1 by default (SIM: 2 directions x time points - 1; lensless camera: 12; own systems: moments - 1, at most 12).");
    public static final Key<Integer> MOTION_TIME_WAVES =
            Key.integer("motion.timeWaves", "6", 1, 32, "Frequencies of the time for embedding: posenc.");
    public static final Key<Integer> MOTION_WIDTH =
            Key.integer("motion.width", "32", 1, 1024, "Neurons per hidden layer of the motion network.");
    public static final Key<Integer> MOTION_DEPTH =
            Key.integer("motion.depth", "2", 1, 16, "Hidden layers of the motion network.");
    public static final Key<Integer> MOTION_SKIP_LAYER =
            Key.integer("motion.skipLayer", "6", 1, 16, "The encoding joins again after every so many hidden layers.");
    public static final Key<String> MOTION_ACTIVATION =
            Key.word("motion.activation", "elu", "Activation of the motion network.", "gelu", "elu");

    public static final Key<Integer> TRAINING_EPOCHS =
            Key.integer("training.epochs", "240", 1, 10_000_000, "Passes over all shots.");
    public static final Key<Integer> TRAINING_BATCH_SIZE =
            Key.integer("training.batchSize", "2", 1, 100_000, "Shots compared per step.");
    public static final Key<Integer> TRAINING_SEED = Key.integer(
            "training.seed", "1", 0, Integer.MAX_VALUE, "Seed of the first parameters and the order of shots.");
    public static final Key<String> TRAINING_ANNEALING = Key.word(
            "training.annealing",
            "published",
            "Order in which features open from coarse to fine: as published (feature 0 of every level first) or level by level.",
            "published",
            "by-level");
    public static final Key<Double> TRAINING_ANNEALED_FRACTION = Key.fraction(
            "training.annealedFraction",
            "0.5",
            "Share of the epochs after which all features are open; 0 opens them at once.");
    public static final Key<Double> TRAINING_OBJECT_RATE =
            Key.atLeast("training.objectRate", "0.02", 0, "", "Learning rate of the scene network.");
    public static final Key<Double> TRAINING_MOTION_RATE = Key.atLeast(
            "training.motionRate",
            "5e-4",
            0,
            "",
            "Learning rate of the motion network; 0 reconstructs a scene that does not move.");
    public static final Key<Double> TRAINING_INSTRUMENT_RATE = Key.atLeast(
            "training.instrumentRate",
            "5e-3",
            0,
            "",
            "Learning rate of the instrument's own parameters. SIM: the orders' strengths, which are trained once all features are open; 0 keeps the estimate.");
    public static final Key<Double> TRAINING_DECAY_RATE =
            Key.positive("training.decayRate", "0.1", "", "Factor on the learning rates over the decay steps.");
    public static final Key<Double> TRAINING_DECAY_STEPS = Key.positive(
            "training.decaySteps",
            "",
            "steps",
            "Steps over which the rates fall by the decay rate; all steps by default.");
    public static final Key<Double> TRAINING_RATE_FLOOR =
            Key.atLeast("training.rateFloor", "0", 0, "", "Learning rates do not fall below this.");
    public static final Key<Integer> TRAINING_UPDATE_EVERY = Key.integer(
            "training.updateEvery", "1", 1, 100_000, "Steps whose gradients are summed before they are applied.");
    public static final Key<Integer> TRAINING_MOTION_DELAY =
            Key.integer("training.motionDelay", "0", 0, 10_000_000, "Steps before the motion network begins to learn.");
    public static final Key<double[]> TRAINING_COARSE_SHARES = Key.numbers(
                    "training.coarseShares",
                    "0.3, 0.2",
                    0,
                    1,
                    "",
                    "Shares of the epochs that see reduced pictures, coarsest first: the last is for pictures reduced 2 times along each axis, the one before it 4 times. SIM reduces the mean of a direction's images, where the phases are even.")
            .orEmpty();
    public static final Key<Integer> TRAINING_CHECKPOINT_EVERY =
            Key.integer("training.checkpointEvery", "100", 1, 10_000_000, "Epochs between checkpoints.");

    public static final Key<Integer> LOSS_MARGIN =
            Key.integer("loss.margin", "5", 0, 10_000, "Pixels at each border that are not compared.");
    public static final Key<Double> LOSS_NEGATIVE_WEIGHT = Key.atLeast(
            "loss.negativeWeight", "3e-3", 0, "", "Weight of mean(max(-density, 0)), or of the brightness.");
    public static final Key<Double> LOSS_MOTION_ROUGHNESS = Key.atLeast(
            "loss.motionRoughness",
            "",
            0,
            "",
            "Weight of the motion's roughness: the variance of its derivatives in space, so that shifts, turns and stretches of the whole cost nothing (lensless camera, SIM planes of times of their own, and systems of your own that do not say that they show all at once: their mean square). DPC by default tries values from 0.003 to 3 on reduced pictures and takes the largest that foretells pixels held out as well as the best (within 0.3 %); SIM 0.01; elsewhere 0.03.");

    public static final Key<Integer> WINDOWS_SHOTS = Key.integer(
            "windows.shots",
            "",
            1,
            1_000_000,
            "Shots of a window in time (SIM: images; lensless camera: photographs). A recording that is longer is cut into windows, each with a scene of its own, which begins as that of the window before ended; without it one scene serves all shots.");
    public static final Key<Integer> WINDOWS_STEP = Key.integer(
            "windows.step",
            "",
            1,
            1_000_000,
            "Shots from the beginning of a window to that of the next; half of windows.shots by default. With fewer than windows.shots the windows overlap, and what they show of a shot is blended.");
    public static final Key<Integer> WINDOWS_EPOCHS = Key.integer(
            "windows.epochs",
            "",
            1,
            10_000_000,
            "Passes over the shots of a window that goes on from the one before; by default a quarter of training.epochs (half of them where a window is one shot), times the share of the window's shots that are new.");
    public static final Key<double[]> PATCHES_SIZE = Key.numbers(
            "patches.size",
            "",
            1,
            1e6,
            "pixels",
            "Rows and columns of the patches, in pixels of the camera, into which a larger field is cut; none by default.");
    public static final Key<Integer> PATCHES_OVERLAP = Key.integer(
            "patches.overlap", "20", 0, 100_000, "Pixels of the camera that neighbouring patches share at least.");

    public static final Key<String> PATCHES_JOIN = Key.word(
            "patches.join",
            "gradient",
            "What counts where patches overlap: their mean weighted with a ramp over the overlap, their mean, the later patch from the middle of the overlap on, or the largest or smallest value.",
            "gradient",
            "average",
            "mid",
            "max",
            "min");

    public static final Key<Integer> SIMULATION_HEIGHT = Key.integer(
            "simulation.height", "128", 16, 8192, "Rows of the simulated pictures (lensless camera: of the sensor).");
    public static final Key<Integer> SIMULATION_WIDTH =
            Key.integer("simulation.width", "160", 16, 8192, "Columns of the simulated pictures.");
    public static final Key<Double> SIMULATION_PHOTONS = Key.positive(
            "simulation.photons",
            "",
            "",
            "Photons counted in the brightest pixel (DPC: in the background); SIM: 1000 by default, else light without grain.");
    public static final Key<Double> SIMULATION_DRIFT = Key.atLeast(
            "simulation.drift",
            "6",
            0,
            "pixels",
            "How far the specimen drifts over the shots (SIM, lensless camera: in pixels of the scene).");
    public static final Key<Double> SIMULATION_DEFORMATION = Key.atLeast(
            "simulation.deformation",
            "2.5",
            0,
            "pixels",
            "How far parts of it move against each other (SIM: in pixels of the scene).");
    public static final Key<Double> SIMULATION_NOISE = Key.atLeast(
            "simulation.noise",
            "0.005",
            0,
            "",
            "Standard deviation of the noise, relative to the background (lensless camera: to the brightest value).");
    public static final Key<Double> SIMULATION_HOT_PIXELS = Key.fraction(
            "simulation.hotPixels", "0", "Share of the camera's pixels that are stuck at the brightest value.");
    public static final Key<String> SIMULATION_PHANTOM = Key.word(
            "simulation.phantom",
            "own",
            "What is simulated: the system's own specimen (cells, filaments, a falling object), or a test object.",
            "own",
            "shepp-logan",
            "resolution-target",
            "rods-and-triangles",
            "beads",
            "siemens-star");
    public static final Key<double[]> SIMULATION_KEY_TIMES = Key.numbers(
                    "simulation.keyTimes",
                    "",
                    -1,
                    1,
                    "",
                    "Times of keyframes; with these the specimen moves as the next keys say, each a value per keyframe, linear in between.")
            .orEmpty();
    public static final Key<double[]> SIMULATION_SHIFT_ROWS = Key.numbers(
                    "simulation.shiftRows", "", -1e6, 1e6, "pixels", "Shift along the rows' axis at each keyframe.")
            .orEmpty();
    public static final Key<double[]> SIMULATION_SHIFT_COLUMNS = Key.numbers(
                    "simulation.shiftColumns",
                    "",
                    -1e6,
                    1e6,
                    "pixels",
                    "Shift along the columns' axis at each keyframe.")
            .orEmpty();
    public static final Key<double[]> SIMULATION_ROTATION = Key.numbers(
                    "simulation.rotation", "", -3600, 3600, "degrees", "Counter-clockwise turn at each keyframe.")
            .orEmpty();
    public static final Key<double[]> SIMULATION_SCALING = Key.numbers(
                    "simulation.scaling", "", 0, 1000, "", "Scaling at each keyframe.")
            .orEmpty();
    public static final Key<double[]> SIMULATION_SHEAR = Key.numbers(
                    "simulation.shear",
                    "",
                    -100,
                    100,
                    "",
                    "Shear at each keyframe: columns for each row of distance from the middle.")
            .orEmpty();
    public static final Key<double[]> SIMULATION_SWIRL = Key.numbers(
                    "simulation.swirl",
                    "",
                    -3600,
                    3600,
                    "degrees",
                    "Swirl at each keyframe: a turn in the middle that falls off towards the border.")
            .orEmpty();
    public static final Key<double[]> SIMULATION_BENDING = Key.numbers(
                    "simulation.bending",
                    "",
                    -1e6,
                    1e6,
                    "pixels",
                    "Local deformation at each keyframe: its largest displacement.")
            .orEmpty();
    public static final Key<Double> SIMULATION_BROWNIAN = Key.atLeast(
            "simulation.brownian",
            "0",
            0,
            "pixels",
            "Standard deviation of the random steps from one keyframe to the next.");
    public static final Key<Integer> SIMULATION_SEED =
            Key.integer("simulation.seed", "7", 0, Integer.MAX_VALUE, "Seed of specimen and noise.");

    /** What every system says of a measurement. */
    public static final List<Key<?>> MEASUREMENT =
            List.of(SYSTEM, SCHEDULE, GRID, DATA_FILE, DATA_TIMES, OPTICS_PIXEL_SIZE);
    /** Networks of every system. */
    public static final List<Key<?>> NETWORKS = List.of(
            OBJECT_LEVELS,
            OBJECT_FEATURES,
            OBJECT_LOG2_TABLE_SIZE,
            OBJECT_COARSEST_CELL,
            OBJECT_FINEST_CELL,
            OBJECT_WIDTH,
            OBJECT_DEPTH,
            OBJECT_SKIP_LAYER,
            OBJECT_ACTIVATION,
            MOTION_EMBEDDING,
            MOTION_SCALE,
            MOTION_LEVELS,
            MOTION_FEATURES,
            MOTION_LOG2_TABLE_SIZE,
            MOTION_FINEST_CELL,
            MOTION_TIME_CELLS,
            MOTION_TIME_WAVES,
            MOTION_WIDTH,
            MOTION_DEPTH,
            MOTION_SKIP_LAYER,
            MOTION_ACTIVATION);
    /** How every system is trained. */
    public static final List<Key<?>> TRAINING = List.of(
            TRAINING_EPOCHS,
            TRAINING_BATCH_SIZE,
            TRAINING_SEED,
            TRAINING_ANNEALING,
            TRAINING_ANNEALED_FRACTION,
            TRAINING_OBJECT_RATE,
            TRAINING_MOTION_RATE,
            TRAINING_DECAY_RATE,
            TRAINING_DECAY_STEPS,
            TRAINING_RATE_FLOOR,
            TRAINING_UPDATE_EVERY,
            TRAINING_MOTION_DELAY,
            TRAINING_COARSE_SHARES,
            TRAINING_CHECKPOINT_EVERY,
            LOSS_MOTION_ROUGHNESS);
    /** How recordings of the built-in systems are cut into pieces. */
    public static final List<Key<?>> PIECES =
            List.of(WINDOWS_SHOTS, WINDOWS_STEP, WINDOWS_EPOCHS, PATCHES_SIZE, PATCHES_OVERLAP, PATCHES_JOIN);
    /** What every system simulates. */
    public static final List<Key<?>> SIMULATION = List.of(
            SIMULATION_HEIGHT,
            SIMULATION_WIDTH,
            SIMULATION_DRIFT,
            SIMULATION_DEFORMATION,
            SIMULATION_HOT_PIXELS,
            SIMULATION_PHANTOM,
            SIMULATION_KEY_TIMES,
            SIMULATION_SHIFT_ROWS,
            SIMULATION_SHIFT_COLUMNS,
            SIMULATION_ROTATION,
            SIMULATION_SCALING,
            SIMULATION_SHEAR,
            SIMULATION_SWIRL,
            SIMULATION_BENDING,
            SIMULATION_BROWNIAN,
            SIMULATION_SEED);

    private Keys() {}
}
