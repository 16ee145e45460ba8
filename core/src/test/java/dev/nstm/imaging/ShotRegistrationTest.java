package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.simulate.MovingCells;
import dev.nstm.simulate.WeakObjectPicture;
import dev.nstm.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShotRegistrationTest {
    private static final int HEIGHT = 96;
    private static final int WIDTH = 110;

    private final SplittableRandom random = Seeds.random();

    /** Shots in light from four sides do not look alike; their shifts are found all the same. */
    @Test
    void shiftsOfShotsInDifferentLightAreFound() {
        Microscope microscope = new Microscope(0.525, 0.25, 0.6, 1);
        Grid2D[] scene = new MovingCells(HEIGHT, WIDTH, 0, 0, 3).at(0);
        List<Grid2D> sources = new ArrayList<>();
        for (int shot = 0; shot < 4; shot++) sources.add(Pupils.halfSource(microscope, 0, 90 * shot, HEIGHT, WIDTH));
        List<WeakObjectTransfer> transfers = DpcSystem.transfers(sources, microscope);
        double[][] shifts = new double[4][2];
        List<Grid2D> images = new ArrayList<>();
        for (int shot = 0; shot < 4; shot++) {
            for (int axis = 0; axis < 2 && shot > 0; axis++) shifts[shot][axis] = 12 * random.nextDouble() - 6;
            images.add(WeakObjectPicture.of(
                    ShotRegistration.moved(scene[0], shifts[shot][0], shifts[shot][1]),
                    ShotRegistration.moved(scene[1], shifts[shot][0], shifts[shot][1]),
                    transfers.get(shot),
                    0.002,
                    random));
        }
        double[][] found = ShotRegistration.displacements(images, transfers);
        for (int shot = 0; shot < 4; shot++) assertArrayEquals(shifts[shot], found[shot], 0.1, "shot " + shot);
    }

    /** Of a fluorescent specimen all pictures look alike, but for their noise. */
    @Test
    void shiftsOfPicturesThatLookAlikeAreFound() {
        Grid2D scene = new MovingCells(HEIGHT, WIDTH, 0, 0, 3).at(0)[1];
        double[][] shifts = new double[3][2];
        List<Grid2D> pictures = new ArrayList<>();
        for (int picture = 0; picture < 3; picture++) {
            for (int axis = 0; axis < 2 && picture > 0; axis++) shifts[picture][axis] = 12 * random.nextDouble() - 6;
            Grid2D moved = ShotRegistration.moved(scene, shifts[picture][0], shifts[picture][1]);
            for (int i = 0; i < moved.values().length; i++) moved.values()[i] += 0.02 * random.nextGaussian();
            pictures.add(moved);
        }
        double[][] found = ShotRegistration.displacementsOfAlike(pictures);
        for (int picture = 0; picture < 3; picture++)
            assertArrayEquals(shifts[picture], found[picture], 0.1, "picture " + picture);
    }

    /** Absorption and phase explain two shots wherever they are shifted. */
    @Test
    void twoShotsAreNotRegistered() {
        assertTrue(ShotRegistration.canRegister(3));
        assertFalse(ShotRegistration.canRegister(2));
        assertThrows(
                InvalidInputException.class,
                () -> ShotRegistration.displacements(List.of(new Grid2D(8, 8), new Grid2D(8, 8)), List.of()));
    }

    @Test
    void wholePixelsAreMovedExactly() {
        Grid2D picture = new Grid2D(7, 9);
        for (int i = 0; i < picture.values().length; i++) picture.values()[i] = random.nextGaussian();
        Grid2D moved = ShotRegistration.moved(picture, 2, -3);
        for (int y = 0; y < 7; y++)
            for (int x = 0; x < 9; x++)
                assertEquals(picture.get(Math.floorMod(y - 2, 7), Math.floorMod(x + 3, 9)), moved.get(y, x), 1e-9);
    }
}
