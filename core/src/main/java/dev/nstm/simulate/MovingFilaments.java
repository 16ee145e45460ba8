package dev.nstm.simulate;

import dev.nstm.optics.Grid3D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Fluorescent filaments and beads; by themselves they drift and bend. The motion is lateral; units are voxels. */
public final class MovingFilaments {
    private static final int BUCKET = 8;
    private static final double REACH = 3;
    private static final double STEP = 0.5;

    private final int depth;
    private final int height;
    private final int width;
    private final Motion motion;
    /**
     * Blobs {z, y, x, lateral sigma, axial sigma, brightness} that touch each column of voxels of {@link #BUCKET} rows
     * and columns.
     */
    private final List<List<double[]>> buckets = new ArrayList<>();

    /**
     * @param drift voxels over the whole time from -1 to 1
     * @param deformation largest displacement relative to the drift, in voxels
     */
    public MovingFilaments(int depth, int height, int width, double drift, double deformation, long seed) {
        this(depth, height, width, (y, x, time) -> drifting(height, width, drift, deformation, y, x, time), seed);
    }

    /** Filaments that move as they are told. */
    public MovingFilaments(int depth, int height, int width, Motion motion, long seed) {
        this.depth = depth;
        this.height = height;
        this.width = width;
        this.motion = motion;
        for (int i = 0; i < columns() * ((height + BUCKET - 1) / BUCKET); i++) buckets.add(new ArrayList<>());
        SplittableRandom random = new SplittableRandom(seed);
        int filaments = Math.max(6, height * width / 1200);
        for (int i = 0; i < filaments; i++) addFilament(random);
        for (int i = 0; i < filaments; i++) {
            addBlob(new double[] {
                plane(random),
                height * random.nextDouble(),
                width * random.nextDouble(),
                1.2,
                0.8,
                0.5 + random.nextDouble()
            });
        }
    }

    private int columns() {
        return (width + BUCKET - 1) / BUCKET;
    }

    private double plane(SplittableRandom random) {
        return depth == 1 ? 0 : (0.15 + 0.7 * random.nextDouble()) * (depth - 1);
    }

    private void addFilament(SplittableRandom random) {
        double y = height * random.nextDouble();
        double x = width * random.nextDouble();
        double z = plane(random);
        double angle = 2 * Math.PI * random.nextDouble();
        double slope = depth == 1 ? 0 : 0.03 * random.nextGaussian();
        double curvature = 0.02 * random.nextGaussian();
        double brightness = 0.12 + 0.12 * random.nextDouble();
        int steps = (int) (Math.min(height, width) * (0.6 + 0.6 * random.nextDouble()) / STEP);
        for (int i = 0; i < steps; i++) {
            addBlob(new double[] {z, y, x, 0.9, 0.7, brightness});
            curvature += 0.002 * random.nextGaussian();
            angle += curvature * STEP;
            y += STEP * Math.sin(angle);
            x += STEP * Math.cos(angle);
            z = Math.clamp(z + STEP * slope, 0, depth - 1);
        }
    }

    private void addBlob(double[] blob) {
        double reach = REACH * blob[3];
        for (int row = bucket(blob[1] - reach); row <= bucket(blob[1] + reach); row++) {
            for (int column = bucket(blob[2] - reach); column <= bucket(blob[2] + reach); column++) {
                int index = row * columns() + column;
                if (row >= 0 && column >= 0 && column < columns() && index < buckets.size())
                    buckets.get(index).add(blob);
            }
        }
    }

    private static int bucket(double position) {
        return (int) Math.floor(position / BUCKET);
    }

    public Motion motion() {
        return motion;
    }

    private static double[] drifting(
            int height, int width, double drift, double deformation, double y, double x, double time) {
        double wave = deformation * 0.5 * (time + 1);
        double v = 2 * Math.PI * y / height;
        double u = 2 * Math.PI * x / width;
        return new double[] {
            drift * 0.3 * (time + 0.3 * time * time) + wave * Math.sin(u + 0.4) * Math.cos(0.5 * v),
            drift * 0.4 * time + wave * Math.cos(v) * Math.sin(0.5 * u)
        };
    }

    /** Density at a time. */
    public Grid3D at(double time) {
        Grid3D density = new Grid3D(depth, height, width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double[] shift = motion.at(y, x, time);
                addColumn(density, y, x, y + shift[0], x + shift[1]);
            }
        }
        return density;
    }

    private void addColumn(Grid3D density, int row, int column, double y, double x) {
        int index = bucket(y) * columns() + bucket(x);
        if (y < 0 || x < 0 || x >= width || index >= buckets.size()) return;
        for (double[] blob : buckets.get(index)) {
            double lateral = ((y - blob[1]) * (y - blob[1]) + (x - blob[2]) * (x - blob[2])) / (blob[3] * blob[3]);
            if (lateral > REACH * REACH) continue;
            double value = blob[5] * Math.exp(-0.5 * lateral);
            for (int z = 0; z < depth; z++) {
                double axial = (z - blob[0]) / blob[4];
                density.values()[(z * height + row) * width + column] += value * Math.exp(-0.5 * axial * axial);
            }
        }
    }
}
