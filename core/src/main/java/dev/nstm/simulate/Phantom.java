package dev.nstm.simulate;

import java.util.SplittableRandom;

/**
 * Test objects, drawn by formula: brightness from 0 to about 1 over a field whose smaller side reaches from -1 to 1.
 */
public enum Phantom {
    /**
     * Ellipses of a head, with the contrasts of Toft's modified version (Shepp and Logan, IEEE Trans. Nucl. Sci. 21, 21
     * (1974)).
     */
    SHEPP_LOGAN {
        @Override
        double brightness(double y, double x, double[][] parts) {
            double sum = 0;
            for (double[] e : ELLIPSES) {
                double angle = Math.toRadians(e[5]);
                double dx = x - e[3];
                double dy = -y - e[4];
                double along = (Math.cos(angle) * dx + Math.sin(angle) * dy) / e[1];
                double across = (Math.cos(angle) * dy - Math.sin(angle) * dx) / e[2];
                if (along * along + across * across <= 1) sum += e[0];
            }
            return sum;
        }
    },
    /** Groups of three bars, upright and lying, each finer than the one before. */
    RESOLUTION_TARGET {
        @Override
        double brightness(double y, double x, double[][] parts) {
            double bar = 0.14;
            double left = -0.85;
            for (int group = 0; group < GROUPS; group++) {
                double side = 5 * bar;
                double inX = (x - left) / bar;
                if (inX >= 0 && inX < 5) {
                    double inUpper = (y + 0.85) / bar;
                    double inLower = (y - 0.05) / bar;
                    if (inUpper >= 0 && inUpper < 5 && (int) inX % 2 == 0) return 1;
                    if (inLower >= 0 && inLower < 5 && (int) inLower % 2 == 0) return 1;
                }
                left += side + 1.2 * bar;
                bar *= 0.66;
            }
            return 0;
        }
    },
    /** Rods and triangles of random places and sizes. */
    RODS_AND_TRIANGLES {
        @Override
        double[][] parts(SplittableRandom random) {
            return scattered(random, 14);
        }

        @Override
        double brightness(double y, double x, double[][] parts) {
            double brightest = 0;
            for (int i = 0; i < parts.length; i++) {
                double[] part = parts[i];
                double along = Math.cos(part[2]) * (x - part[1]) + Math.sin(part[2]) * (y - part[0]);
                double across = Math.cos(part[2]) * (y - part[0]) - Math.sin(part[2]) * (x - part[1]);
                boolean inside = i % 2 == 0
                        ? Math.abs(along) < 0.22 && Math.abs(across) < 0.035
                        : across > -0.08 && Math.abs(along) < 0.6 * (0.12 - across);
                if (inside) brightest = Math.max(brightest, part[3]);
            }
            return brightest;
        }
    },
    /** Small soft spheres at random places. */
    BEADS {
        @Override
        double[][] parts(SplittableRandom random) {
            return scattered(random, 40);
        }

        @Override
        double brightness(double y, double x, double[][] parts) {
            double sum = 0;
            for (double[] part : parts) {
                double squared = (Math.pow(y - part[0], 2) + Math.pow(x - part[1], 2)) / (0.03 * 0.03);
                if (squared < 20) sum += part[3] * Math.exp(-0.5 * squared);
            }
            return sum;
        }
    },
    /** A Siemens star of 18 spokes: its bars are the finer the nearer to the middle. */
    SIEMENS_STAR {
        @Override
        double brightness(double y, double x, double[][] parts) {
            return Math.hypot(y, x) < 0.9 && Math.sin(18 * Math.atan2(y, x)) > 0 ? 1 : 0;
        }
    };

    /** Contrast, half axes, middle (x, y upwards) and angle in degrees. */
    private static final double[][] ELLIPSES = {
        {1, 0.69, 0.92, 0, 0, 0},
        {-0.8, 0.6624, 0.874, 0, -0.0184, 0},
        {-0.2, 0.11, 0.31, 0.22, 0, -18},
        {-0.2, 0.16, 0.41, -0.22, 0, 18},
        {0.1, 0.21, 0.25, 0, 0.35, 0},
        {0.1, 0.046, 0.046, 0, 0.1, 0},
        {0.1, 0.046, 0.046, 0, -0.1, 0},
        {0.1, 0.046, 0.023, -0.08, -0.605, 0},
        {0.1, 0.023, 0.023, 0, -0.606, 0},
        {0.1, 0.023, 0.046, 0.06, -0.605, 0}
    };

    private static final int GROUPS = 4;

    /** Row, column, angle and brightness of each random part; none for phantoms without chance. */
    double[][] parts(SplittableRandom random) {
        return new double[0][];
    }

    static double[][] scattered(SplittableRandom random, int count) {
        double[][] parts = new double[count][];
        for (int i = 0; i < count; i++) {
            parts[i] = new double[] {
                1.6 * random.nextDouble() - 0.8,
                1.6 * random.nextDouble() - 0.8,
                2 * Math.PI * random.nextDouble(),
                0.5 + 0.5 * random.nextDouble()
            };
        }
        return parts;
    }

    /** @param parts as {@link #parts} made them */
    abstract double brightness(double y, double x, double[][] parts);
}
