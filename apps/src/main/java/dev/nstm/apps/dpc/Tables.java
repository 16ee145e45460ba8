package dev.nstm.apps.dpc;

import java.util.Locale;

/** Tables for the terminal, narrow enough for 80 columns. */
public final class Tables {
    private Tables() {}

    /** PSNR and SSIM of the model beside those of the conventional reconstruction. */
    static String comparison(Evaluation model, Evaluation baseline) {
        StringBuilder text = new StringBuilder();
        text.append("shot         absorption              phase                motion error\n");
        text.append("         conventional  model   conventional  model         model\n");
        for (int i = 0; i < model.rows().size(); i++) {
            Evaluation.Row m = model.rows().get(i);
            Evaluation.Row b = baseline.rows().get(i);
            text.append(String.format(Locale.ROOT, "%4d  PSNR  %6.2f dB %6.2f dB     %6.2f dB %6.2f dB   %s%n", m.shot() + 1, b.psnr()[0], m.psnr()[0], b.psnr()[1], m.psnr()[1], motion(m)));
            text.append(String.format(Locale.ROOT, "      SSIM  %6.3f    %6.3f        %6.3f    %6.3f%n", b.ssim()[0], m.ssim()[0], b.ssim()[1], m.ssim()[1]));
        }
        text.append(String.format(Locale.ROOT, "mean  PSNR  %6.2f dB %6.2f dB     %6.2f dB %6.2f dB%n", baseline.meanPsnr(0), model.meanPsnr(0), baseline.meanPsnr(1), model.meanPsnr(1)));
        text.append(String.format(Locale.ROOT, "      SSIM  %6.3f    %6.3f        %6.3f    %6.3f%n", baseline.meanSsim(0), model.meanSsim(0), baseline.meanSsim(1), model.meanSsim(1)));
        return text.append(note(model)).toString();
    }

    private static String note(Evaluation evaluation) {
        return evaluation.turned() ? "the truth's absorption is positive where light is gained: compared with its sign turned\n" : "";
    }

    private static String motion(Evaluation.Row row) {
        return Double.isNaN(row.motionError()) ? "unknown" : String.format(Locale.ROOT, "%5.2f px", row.motionError());
    }

    /** One reconstruction against the truth. */
    public static String evaluation(Evaluation evaluation) {
        StringBuilder text = new StringBuilder("shot   absorption PSNR   SSIM    phase PSNR   SSIM    motion error\n");
        for (Evaluation.Row row : evaluation.rows()) {
            text.append(String.format(Locale.ROOT, "%4d      %6.2f dB      %6.3f   %6.2f dB   %6.3f   %s%n", row.shot() + 1, row.psnr()[0], row.ssim()[0], row.psnr()[1], row.ssim()[1], motion(row)));
        }
        text.append(String.format(Locale.ROOT, "mean      %6.2f dB      %6.3f   %6.2f dB   %6.3f%n", evaluation.meanPsnr(0), evaluation.meanSsim(0), evaluation.meanPsnr(1), evaluation.meanSsim(1)));
        return text.append(note(evaluation)).toString();
    }
}
