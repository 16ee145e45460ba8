package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.Room;
import dev.nstm.simulate.CameraNoise;
import dev.nstm.simulate.Motion;
import dev.nstm.simulate.MovingPhantom;
import dev.nstm.simulate.Phantom;
import dev.nstm.simulate.ScriptedMotion;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is simulated, for all systems: test objects, motions by keyframes, noise. */
public final class Specimens {
    /** Seconds per value of a Fourier transform on one usual processor. */
    private static final double SECONDS_PER_VALUE = 8e-8;

    private static final double WORTH_TELLING = 60;

    private Specimens() {}

    /** The motion that keyframes give; empty where there are none. */
    public static Optional<Motion> motion(Configuration c, int height, int width) {
        boolean scripted = Stream.of(
                        Keys.SIMULATION_SHIFT_ROWS,
                        Keys.SIMULATION_SHIFT_COLUMNS,
                        Keys.SIMULATION_ROTATION,
                        Keys.SIMULATION_SCALING,
                        Keys.SIMULATION_SHEAR,
                        Keys.SIMULATION_SWIRL,
                        Keys.SIMULATION_BENDING)
                .anyMatch(key -> c.find(key).isPresent());
        require(
                c.find(Keys.SIMULATION_KEY_TIMES).isPresent() || !scripted && c.get(Keys.SIMULATION_BROWNIAN) == 0,
                "keyframes need simulation.keyTimes, such as [-1, 1]");
        return c.find(Keys.SIMULATION_KEY_TIMES)
                .map(times -> new ScriptedMotion(
                        height,
                        width,
                        new ScriptedMotion.Keyframes(
                                times,
                                list(c, Keys.SIMULATION_SHIFT_ROWS),
                                list(c, Keys.SIMULATION_SHIFT_COLUMNS),
                                list(c, Keys.SIMULATION_ROTATION),
                                list(c, Keys.SIMULATION_SCALING),
                                list(c, Keys.SIMULATION_SHEAR),
                                list(c, Keys.SIMULATION_SWIRL),
                                list(c, Keys.SIMULATION_BENDING),
                                c.get(Keys.SIMULATION_BROWNIAN),
                                c.get(Keys.SIMULATION_SEED))));
    }

    private static double[] list(Configuration c, Key<double[]> key) {
        return c.find(key).orElse(new double[0]);
    }

    /**
     * The test object that the configuration asks for; empty for the system's own specimen.
     *
     * @param usual motion where there are no keyframes
     */
    public static Optional<MovingPhantom> phantom(Configuration c, int height, int width, Motion usual) {
        String name = c.get(Keys.SIMULATION_PHANTOM);
        if (name.equals("own")) return Optional.empty();
        return Optional.of(new MovingPhantom(
                Phantom.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')),
                motion(c, height, width).orElse(usual),
                height,
                width,
                c.get(Keys.SIMULATION_SEED)));
    }

    /**
     * Refuses what cannot be held, and says how long a long simulation will take before it starts.
     *
     * @param values kept at once
     * @param transformed values that go through Fourier transforms, all in all
     */
    public static void checkSize(long values, long transformed) {
        Room.forValues(values, "the simulation (simulation.height, simulation.width and the number of images)");
        double seconds = transformed * SECONDS_PER_VALUE / Runtime.getRuntime().availableProcessors();
        if (seconds > WORTH_TELLING)
            System.err.printf(
                    Locale.ROOT,
                    "nstm: this simulation transforms %.1e values, which takes about %.0f minutes%n",
                    (double) transformed,
                    Math.max(1, seconds / 60));
    }

    /** @param unit value that counts as the brightest */
    public static CameraNoise noise(Configuration c, double unit) {
        return new CameraNoise(
                c.find(Keys.SIMULATION_PHOTONS).orElse(0.0) / unit,
                c.get(Keys.SIMULATION_NOISE) * unit,
                c.get(Keys.SIMULATION_HOT_PIXELS));
    }
}
