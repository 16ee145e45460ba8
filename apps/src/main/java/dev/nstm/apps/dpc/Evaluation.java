package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.movie.Movie;
import dev.nstm.metrics.ImageMetrics;
import dev.nstm.metrics.MotionMetrics;
import dev.nstm.optics.Grid2D;
import java.util.ArrayList;
import java.util.List;

/**
 * A reconstruction beside the truth.
 *
 * @param rows one per shot
 * @param turned whether the sign of the truth's absorption was turned, see {@link Truth#facing}
 */
public record Evaluation(List<Row> rows, boolean turned) {
    /** Names of the scene's channels. */
    public static final List<String> CHANNELS = List.of("absorption", "phase");

    /**
     * One shot.
     *
     * @param psnr per channel, dB
     * @param ssim per channel
     * @param motionError median in pixels; NaN where the motion is not known
     */
    public record Row(int shot, double[] psnr, double[] ssim, double motionError) {}

    /** @param margin pixels left out at each border */
    public static Evaluation of(Movie reconstructed, Truth truth, int margin) {
        int shots = truth.scene().length;
        require(reconstructed.times().length == shots, "the reconstruction has %d times but the truth %d", reconstructed.times().length, shots);
        int pixels = reconstructed.height() * reconstructed.width();
        require(truth.scene()[0][0].length == pixels, "the reconstruction is %dx%d but the truth has %d pixels", reconstructed.height(), reconstructed.width(), truth.scene()[0][0].length);
        List<Row> rows = new ArrayList<>();
        for (int shot = 0; shot < shots; shot++) {
            double[] psnr = new double[2];
            double[] ssim = new double[2];
            for (int c = 0; c < 2; c++) {
                Grid2D expected = new Grid2D(reconstructed.height(), reconstructed.width(), truth.scene()[shot][c]);
                psnr[c] = ImageMetrics.psnr(reconstructed.picture(shot, c), expected, margin);
                ssim[c] = ImageMetrics.ssim(reconstructed.picture(shot, c), expected, margin);
            }
            double error = Double.NaN;
            if (truth.motion().isPresent() && reconstructed.frames().motionAxes() > 0) {
                Grid2D phase = new Grid2D(reconstructed.height(), reconstructed.width(), truth.scene()[shot][1]);
                error = MotionMetrics.medianError(reconstructed.motion(shot), truth.motion().get()[shot], phase, margin);
            }
            rows.add(new Row(shot, psnr, ssim, error));
        }
        return new Evaluation(rows, truth.turned());
    }

    /** Mean over the shots of a channel's PSNR, dB. */
    public double meanPsnr(int channel) {
        return rows.stream().mapToDouble(r -> r.psnr()[channel]).average().orElse(Double.NaN);
    }

    /** Mean over the shots of a channel's SSIM. */
    public double meanSsim(int channel) {
        return rows.stream().mapToDouble(r -> r.ssim()[channel]).average().orElse(Double.NaN);
    }
}
