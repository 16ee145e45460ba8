package dev.nstm.simulate;

import dev.nstm.optics.Grid2D;
import java.util.SplittableRandom;

/** Cells with nuclei and granules; by themselves they drift along a curve and turn against each other. */
public final class MovingCells {
    private final int height;
    private final int width;
    private final Motion motion;
    private final double[][] cells;
    private final double[][] granules;
    private final double growth;

    /**
     * @param drift pixels over the whole time from -1 to 1
     * @param deformation largest displacement relative to the drift, in pixels
     */
    public MovingCells(int height, int width, double drift, double deformation, long seed) {
        this(height, width, (y, x, time) -> drifting(height, width, drift, deformation, y, x, time), seed);
    }

    /** Cells that move as they are told. */
    public MovingCells(int height, int width, Motion motion, long seed) {
        this(height, width, motion, 0, seed);
    }

    /**
     * Cells that move as they are told and change meanwhile.
     *
     * @param growth share by which every other cell grows denser from time -1 to 1, while the others fade by it
     */
    public MovingCells(int height, int width, Motion motion, double growth, long seed) {
        this.growth = growth;
        this.height = height;
        this.width = width;
        this.motion = motion;
        SplittableRandom random = new SplittableRandom(seed);
        double size = Math.min(height, width);
        int count = Math.max(3, (int) Math.round(height * (double) width / (size * size) * 5));
        cells = new double[count][];
        for (int i = 0; i < count; i++) {
            cells[i] = new double[] {
                height * (0.2 + 0.6 * random.nextDouble()),
                width * (0.1 + 0.8 * (i + 0.2 + 0.6 * random.nextDouble()) / count),
                size * (0.10 + 0.08 * random.nextDouble()),
                0.6 + 0.8 * random.nextDouble(),
                Math.PI * random.nextDouble(),
                0.5 + 0.5 * random.nextDouble()
            };
        }
        granules = new double[count * 14][];
        for (int i = 0; i < granules.length; i++) {
            double[] cell = cells[i % count];
            double angle = 2 * Math.PI * random.nextDouble();
            double radius = cell[2] * 0.9 * Math.sqrt(random.nextDouble());
            granules[i] = new double[] {
                cell[0] + radius * Math.sin(angle),
                cell[1] + radius * Math.cos(angle),
                1.4 + 1.6 * random.nextDouble(),
                random.nextDouble() - 0.25
            };
        }
    }

    public Motion motion() {
        return motion;
    }

    private static double[] drifting(
            int height, int width, double drift, double deformation, double y, double x, double time) {
        double progress = 0.5 * time;
        double bend = 0.25 * (time * time - 1);
        double wave = deformation * 0.5 * (1 - Math.cos(Math.PI * (time + 1) / 2));
        double v = 2 * Math.PI * y / height;
        double u = 2 * Math.PI * x / width;
        return new double[] {
            drift * (0.6 * progress + bend * 0.5) + wave * Math.sin(u + 0.4) * Math.cos(0.5 * v),
            drift * (0.8 * progress) + wave * Math.cos(v) * Math.sin(0.5 * u)
        };
    }

    /** Absorption and phase (radians) at a time. */
    public Grid2D[] at(double time) {
        Grid2D absorption = new Grid2D(height, width);
        Grid2D phase = new Grid2D(height, width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double[] shift = motion.at(y, x, time);
                double[] value = rest(y + shift[0], x + shift[1], time);
                absorption.values()[y * width + x] = value[0];
                phase.values()[y * width + x] = value[1];
            }
        }
        return new Grid2D[] {absorption, phase};
    }

    /** Factor on what a cell is made of. */
    private double strength(int cell, double time) {
        return 1 + growth * (cell % 2 == 0 ? 1 : -1) * (time + 1) / 2;
    }

    /** The specimen as it would be at a time if it had not moved. */
    private double[] rest(double y, double x, double time) {
        double absorption = 0;
        double phase = 0;
        for (int i = 0; i < cells.length; i++) {
            double[] cell = cells[i];
            double strength = strength(i, time);
            double dy = y - cell[0];
            double dx = x - cell[1];
            double along = (dy * Math.cos(cell[4]) + dx * Math.sin(cell[4])) / cell[2];
            double across = (dx * Math.cos(cell[4]) - dy * Math.sin(cell[4])) / (cell[2] * cell[3]);
            double radius = Math.sqrt(along * along + across * across);
            phase += strength * 0.4 * cell[5] * soft(1 - radius, 0.12);
            double nucleus = Math.hypot(along - 0.25, across + 0.15);
            phase += strength * 0.175 * cell[5] * soft(0.42 - nucleus, 0.08);
            absorption += strength * (0.05 * cell[5] * soft(0.42 - nucleus, 0.08) + 0.01 * soft(1 - radius, 0.12));
        }
        for (int i = 0; i < granules.length; i++) {
            double[] granule = granules[i];
            double squared = ((y - granule[0]) * (y - granule[0]) + (x - granule[1]) * (x - granule[1]))
                    / (granule[2] * granule[2]);
            if (squared > 16) continue;
            double bump = strength(i % cells.length, time) * Math.exp(-0.5 * squared);
            phase += 0.25 * granule[3] * bump;
            absorption += 0.03 * Math.max(0, granule[3]) * bump;
        }
        return new double[] {absorption, phase};
    }

    /** 0 outside, 1 inside, smooth over a width of the edge. */
    private static double soft(double inside, double edge) {
        return 1 / (1 + Math.exp(-inside / edge * 4));
    }
}
