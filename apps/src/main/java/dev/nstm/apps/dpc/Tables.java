package dev.nstm.apps.dpc;

import dev.nstm.apps.report.TextTable;

/** How reconstructions compare with the truth. */
public final class Tables {
    private Tables() {}

    /** PSNR and SSIM of the model beside those of the conventional reconstruction. */
    static TextTable comparison(Compared both) {
        Evaluation model = both.model();
        Evaluation baseline = both.conventional();
        TextTable table = new TextTable(2, "shot", "", "absorption: conventional", "model", "phase: conventional", "model", "motion error");
        for (int i = 0; i < model.rows().size(); i++) {
            Evaluation.Row m = model.rows().get(i);
            Evaluation.Row b = baseline.rows().get(i);
            table.add(Integer.toString(m.shot() + 1), "PSNR", TextTable.decibels(b.psnr()[0]), TextTable.decibels(m.psnr()[0]), TextTable.decibels(b.psnr()[1]), TextTable.decibels(m.psnr()[1]), motion(m));
            table.add("", "SSIM", number(b.ssim()[0]), number(m.ssim()[0]), number(b.ssim()[1]), number(m.ssim()[1]), "");
        }
        table.add("mean", "PSNR", TextTable.decibels(baseline.meanPsnr(0)), TextTable.decibels(model.meanPsnr(0)), TextTable.decibels(baseline.meanPsnr(1)), TextTable.decibels(model.meanPsnr(1)), "");
        table.add("", "SSIM", number(baseline.meanSsim(0)), number(model.meanSsim(0)), number(baseline.meanSsim(1)), number(model.meanSsim(1)), "");
        return table;
    }

    /** What beside the numbers should be known of a comparison; nothing or a line. */
    static String note(Evaluation evaluation) {
        return evaluation.turned() ? "the truth's absorption is positive where light is gained: compared with its sign turned\n" : "";
    }

    private static String number(double value) {
        return TextTable.cell("%.3f", value);
    }

    private static String motion(Evaluation.Row row) {
        return Double.isNaN(row.motionError()) ? "unknown" : TextTable.cell("%.2f px", row.motionError());
    }

    /** One reconstruction against the truth. */
    public static String evaluation(Evaluation evaluation) {
        TextTable table = new TextTable(1, "shot", "absorption: PSNR", "SSIM", "phase: PSNR", "SSIM", "motion error");
        for (Evaluation.Row row : evaluation.rows()) {
            table.add(Integer.toString(row.shot() + 1), TextTable.decibels(row.psnr()[0]), number(row.ssim()[0]), TextTable.decibels(row.psnr()[1]), number(row.ssim()[1]), motion(row));
        }
        table.add("mean", TextTable.decibels(evaluation.meanPsnr(0)), number(evaluation.meanSsim(0)), TextTable.decibels(evaluation.meanPsnr(1)), number(evaluation.meanSsim(1)), "");
        return table.text() + note(evaluation);
    }
}
