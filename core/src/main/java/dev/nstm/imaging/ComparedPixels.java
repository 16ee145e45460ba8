package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which pixels of the shots are compared with the model.
 *
 * @param height rows
 * @param width columns
 * @param masks one that holds for all shots, or one per shot; row after row
 */
record ComparedPixels(int height, int width, List<boolean[]> masks) {
    /**
     * Blocks of this many pixels along each axis are left out together: neighbours foretell a single pixel too well.
     */
    private static final int BLOCK = 2;

    /** All but a margin at each border. */
    static ComparedPixels inside(int height, int width, int margin) {
        require(
                height > 2 * margin && width > 2 * margin,
                "pictures of %dx%d are too small: a margin of %d on each side leaves nothing",
                height,
                width,
                margin);
        boolean[] mask = new boolean[height * width];
        for (int y = margin; y < height - margin; y++)
            for (int x = margin; x < width - margin; x++) mask[y * width + x] = true;
        return new ComparedPixels(height, width, List.of(mask));
    }

    /**
     * But for some pixels of every shot.
     *
     * @param left per shot, true where a pixel is left out
     */
    ComparedPixels without(List<boolean[]> left) {
        List<boolean[]> masksOfShots = new ArrayList<>();
        for (int shot = 0; shot < left.size(); shot++) {
            boolean[] mask = of(shot).clone();
            for (int i = 0; i < mask.length; i++) mask[i] &= !left.get(shot)[i];
            masksOfShots.add(mask);
        }
        return new ComparedPixels(height, width, masksOfShots);
    }

    /**
     * The same of smaller pictures of the field: all but a margin, and without pixels any part of which is left out
     * within the margin of these.
     *
     * @param margin pixels at each border of the smaller pictures
     * @param fullMargin pixels at each border of these
     */
    ComparedPixels reduced(int newHeight, int newWidth, int margin, int fullMargin) {
        ComparedPixels inside = inside(newHeight, newWidth, margin);
        if (masks.size() == 1) return inside;
        List<boolean[]> left = new ArrayList<>();
        for (boolean[] mask : masks) {
            boolean[] reduced = new boolean[newHeight * newWidth];
            for (int y = fullMargin; y < height - fullMargin; y++)
                for (int x = fullMargin; x < width - fullMargin; x++)
                    if (!mask[y * width + x]) reduced[y * newHeight / height * newWidth + x * newWidth / width] = true;
            left.add(reduced);
        }
        return inside.without(left);
    }

    /** Pixels that are learned from and pixels that are kept for judging. */
    record Split(ComparedPixels learned, ComparedPixels heldOut) {}

    /**
     * Splits the pixels of every shot at random, in blocks.
     *
     * @param share of the blocks that is held out
     */
    Split split(int shots, double share, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<boolean[]> learned = new ArrayList<>();
        List<boolean[]> heldOut = new ArrayList<>();
        int across = Math.ceilDiv(width, BLOCK);
        for (int shot = 0; shot < shots; shot++) {
            boolean[] out = new boolean[across * Math.ceilDiv(height, BLOCK)];
            for (int block = 0; block < out.length; block++) out[block] = random.nextDouble() < share;
            boolean[] compared = of(shot);
            boolean[] first = new boolean[compared.length];
            boolean[] second = new boolean[compared.length];
            for (int i = 0; i < compared.length; i++) {
                boolean held = out[i / width / BLOCK * across + i % width / BLOCK];
                first[i] = compared[i] && !held;
                second[i] = compared[i] && held;
            }
            learned.add(first);
            heldOut.add(second);
        }
        return new Split(new ComparedPixels(height, width, learned), new ComparedPixels(height, width, heldOut));
    }

    /** The mask of a shot. */
    boolean[] of(int shot) {
        return masks.get(index(shot));
    }

    /** Index of the mask of a shot. */
    int index(int shot) {
        return masks.size() == 1 ? 0 : shot;
    }

    /** How many pixels of each mask are compared. */
    int[] counts() {
        int[] counts = new int[masks.size()];
        for (int i = 0; i < counts.length; i++) for (boolean compared : masks.get(i)) if (compared) counts[i]++;
        return counts;
    }

    /** A mask as factors, 1 and 0. */
    float[] factors(int index) {
        boolean[] mask = masks.get(index);
        float[] factors = new float[mask.length];
        for (int i = 0; i < factors.length; i++) factors[i] = mask[i] ? 1 : 0;
        return factors;
    }
}
