package dev.nstm.apps.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * Constants that bring patches together which are each measured up to a constant: o minimises the sum over overlaps of
 * n (o_a - o_b + d)^2, where d is the mean difference of a from b there and n the samples; their mean is zero.
 */
final class Offsets {
    private static final double ACCURACY = 1e-10;

    private final int count;
    private final List<Overlap> overlaps = new ArrayList<>();

    private record Overlap(int a, int b, double difference, double samples) {}

    /** @param count of the patches */
    Offsets(int count) {
        this.count = count;
    }

    /** @param difference mean of a minus b over the samples that both show */
    void add(int a, int b, double difference, double samples) {
        overlaps.add(new Overlap(a, b, difference, samples));
    }

    /** By conjugate gradients; the equations leave only the common constant open, which stays zero. */
    double[] solved() {
        double[] offsets = new double[count];
        double[] rest = new double[count];
        for (Overlap o : overlaps) {
            rest[o.a] -= o.samples * o.difference;
            rest[o.b] += o.samples * o.difference;
        }
        double[] direction = rest.clone();
        double square = product(rest, rest);
        double enough = ACCURACY * ACCURACY * square;
        for (int round = 0; round < 4 * count && square > enough; round++) {
            double[] image = applied(direction);
            double step = square / product(direction, image);
            for (int i = 0; i < count; i++) {
                offsets[i] += step * direction[i];
                rest[i] -= step * image[i];
            }
            double next = product(rest, rest);
            for (int i = 0; i < count; i++) direction[i] = rest[i] + next / square * direction[i];
            square = next;
        }
        return offsets;
    }

    private double[] applied(double[] offsets) {
        double[] image = new double[count];
        for (Overlap o : overlaps) {
            double difference = o.samples * (offsets[o.a] - offsets[o.b]);
            image[o.a] += difference;
            image[o.b] -= difference;
        }
        return image;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }
}
