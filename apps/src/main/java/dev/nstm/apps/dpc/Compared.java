package dev.nstm.apps.dpc;

import dev.nstm.apps.movie.Movie;

/**
 * Both reconstructions of simulated shots beside the truth.
 *
 * @param truth with the absorption's sign as it is here
 * @param conventional how near the conventional reconstruction comes
 * @param model how near the model comes
 */
record Compared(Truth truth, Evaluation conventional, Evaluation model) {
    /** @param margin pixels left out at each border */
    static Compared of(Truth known, Movie still, Movie reconstructed, int margin) {
        Truth truth = known.facing(still);
        return new Compared(truth, Evaluation.of(still, truth, margin), Evaluation.of(reconstructed, truth, margin));
    }

    /** PSNR of a channel at every shot, dB. */
    static double[] psnr(Evaluation evaluation, int channel) {
        return evaluation.rows().stream().mapToDouble(row -> row.psnr()[channel]).toArray();
    }
}
