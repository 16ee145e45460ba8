package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.dpc.Evaluation;
import dev.nstm.apps.dpc.Tables;
import dev.nstm.apps.dpc.Truth;
import dev.nstm.apps.instrument.SceneEvaluation;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Movie;
import dev.nstm.optics.Grid2D;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "evaluate", mixinStandardHelpOptions = true, description = "Compares a reconstruction with the truth: PSNR and SSIM with means removed, and the motion error where the truth has a motion.",
        footer = {"", "Example:", "  nstm evaluate --recon out/recon.npz --truth shots.npz --margin 20 --json"})
final class EvaluateCommand implements Callable<Integer> {
    @Option(names = "--recon", paramLabel = "R.npz", required = true, description = "Reconstruction (recon [t,y,x,c], motion).")
    private Path recon;

    @Option(names = "--truth", paramLabel = "T.npz", required = true, description = "Truth (absorption, phase, and motion or offset_yx; or scene [t,y,x,c]).")
    private Path truth;

    @Option(names = "--margin", paramLabel = "PIXELS", defaultValue = "20", description = "Border left out (default: ${DEFAULT-VALUE}).")
    private int margin;

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Npz truths = Npz.open(truth);
        if (truths.has("scene")) {
            System.out.print(ofScene(Npz.open(recon).get("recon"), truths.get("scene")));
            return 0;
        }
        Movie reconstructed = Archives.pictures(recon);
        require(reconstructed.channels().size() == 2, "%s: array \"recon\" has %d channels; absorption and phase are expected", recon, reconstructed.channels().size());
        Truth known = Truth.find(truths, new Grid2D(reconstructed.height(), reconstructed.width())).orElse(null);
        require(known != null, "%s holds no truth (arrays \"absorption\" and \"phase\", or \"scene\")", truth);
        Evaluation evaluation = Evaluation.of(reconstructed, known.facing(reconstructed), margin);
        System.out.print(json ? json(evaluation) : Tables.evaluation(evaluation));
        return 0;
    }

    /** Of the lensless camera and of systems of one's own. */
    private String ofScene(NpyArray reconstructed, NpyArray known) throws Exception {
        require(Arrays.equals(reconstructed.shape(), known.shape()), "%s: array \"recon\" is %s but \"scene\" in %s is %s; both are time, row, column, channel at the same times", recon, reconstructed.size(), truth, known.size());
        int[] shape = known.shape();
        SceneEvaluation evaluation = SceneEvaluation.of(SceneEvaluation.of(reconstructed), SceneEvaluation.of(known), shape[0], shape[3], margin);
        List<String> names = IntStream.rangeClosed(1, shape[3]).mapToObj(channel -> "channel " + channel).toList();
        if (!json) return evaluation.table(names).text();
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        for (int c = 0; c < shape[3]; c++) root.putObject(names.get(c)).put("mean_psnr_db", evaluation.mean(c)).set("psnr_db", mapper.valueToTree(evaluation.psnr()[c]));
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static String json(Evaluation evaluation) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        ArrayNode shots = root.putArray("shots");
        for (Evaluation.Row row : evaluation.rows()) {
            ObjectNode shot = shots.addObject();
            for (int c = 0; c < 2; c++) {
                ObjectNode channel = shot.putObject(Evaluation.CHANNELS.get(c));
                channel.put("psnr_db", row.psnr()[c]);
                channel.put("ssim", row.ssim()[c]);
            }
            if (!Double.isNaN(row.motionError())) shot.put("motion_error_px", row.motionError());
        }
        ObjectNode mean = root.putObject("mean");
        for (int c = 0; c < 2; c++) {
            ObjectNode channel = mean.putObject(Evaluation.CHANNELS.get(c));
            channel.put("psnr_db", evaluation.meanPsnr(c));
            channel.put("ssim", evaluation.meanSsim(c));
        }
        root.put("absorption_sign_turned", evaluation.turned());
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }
}
