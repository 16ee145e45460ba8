package dev.nstm.apps.report;

import java.util.List;
import java.util.Optional;

/**
 * A picture or movie of a report, shown large.
 *
 * @param group what it shows; the conventional picture and the model's of a group can be compared in one place
 * @param title above the picture
 * @param unit of its values
 * @param map name of the colours; rgb for frames of red, green and blue of every pixel
 * @param frames all planes of the first time, then of the next; of one time only where nothing moves
 * @param shades values of the darkest and the brightest
 * @param underMotion whether the motion is drawn over it
 * @param times of the frames where they are not the movie's
 * @param psnr nearness to the truth, dB
 * @param ratedShots whether that is at every shot, not at every frame
 */
public record View(
        String group,
        Role role,
        String title,
        String unit,
        String map,
        List<byte[]> frames,
        Shades shades,
        boolean underMotion,
        Optional<double[]> times,
        Optional<double[]> psnr,
        boolean ratedShots) {
    /** Where a picture comes from. */
    public enum Role {
        MEASURED,
        CONVENTIONAL,
        MODEL,
        TRUTH
    }

    public View(String group, Role role, String title, String unit, String map, List<byte[]> frames, Shades shades) {
        this(group, role, title, unit, map, frames, shades, false, Optional.empty(), Optional.empty(), false);
    }

    /** The same with the motion drawn over it. */
    public View withMotion() {
        return new View(group, role, title, unit, map, frames, shades, true, times, psnr, ratedShots);
    }

    /** The same with frames at times of their own. */
    public View at(double[] own) {
        return new View(group, role, title, unit, map, frames, shades, underMotion, Optional.of(own), psnr, ratedShots);
    }

    /** The same with its nearness to the truth at every shot, where that is known. */
    public View ratedShots(Optional<double[]> decibels) {
        return new View(group, role, title, unit, map, frames, shades, underMotion, times, decibels, true);
    }

    /** The same with its nearness to the truth at every frame. */
    public View ratedFrames(Optional<double[]> decibels) {
        return new View(group, role, title, unit, map, frames, shades, underMotion, times, decibels, false);
    }
}
