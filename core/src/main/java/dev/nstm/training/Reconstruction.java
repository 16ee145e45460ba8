package dev.nstm.training;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.Roughness;
import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.NetworkInitializer;
import dev.nstm.field.SpaceTimeField;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Fits scene and motion to the shots: every epoch visits all shots once in random order, in batches. An epoch draws its
 * order from the seed and its own number, so a run can be taken up again after any epoch with the same outcome.
 */
public final class Reconstruction {
    private static final double REHEARSAL_SECONDS = 1;
    private static final long MOTION_SEED = 0x9E3779B97F4A7C15L;

    private final Device device;
    private final ForwardModel model;
    private final FieldSpec spec;
    private final TrainingPlan plan;
    private final ParameterGroup object;
    private final ParameterGroup motion;
    private final ParameterGroup instrument;
    /** Passes for pictures reduced 2^i times, made when they are first needed. */
    private final Pass[] passes;

    private final int[] order;
    /** Means over the epoch under way or last done. */
    private final double[] terms;

    private double[] losses = new double[0];
    private int epoch;
    private long step;

    /**
     * The graph of one shot with all its moments; a batch is worked through shot by shot, which needs memory for one
     * only.
     */
    private record Pass(ForwardModel model, SpaceTimeField field, ForwardModel.Comparison comparison, Graph graph) {}

    /** What makes one step of the graph the same as another. */
    private record Repetition(Graph graph, int shot, double share, int variant) {}

    public Reconstruction(Device device, ForwardModel model, FieldSpec spec, TrainingPlan plan) {
        require(
                spec.object().outputs() == model.channels(),
                "the scene network has %d outputs but the system needs %d",
                spec.object().outputs(),
                model.channels());
        this.device = device;
        this.model = model;
        this.spec = spec;
        this.plan = plan;
        object = new ParameterGroup(device, plan.object(), NetworkInitializer.initialize(spec.object(), plan.seed()));
        motion = new ParameterGroup(
                device, plan.motion(), NetworkInitializer.initialize(spec.motion(), plan.seed() ^ MOTION_SEED));
        instrument = new ParameterGroup(
                device,
                model.parameters().length == 0 ? Schedule.FROZEN : plan.instrument(),
                model.parameters().length == 0 ? new float[1] : model.parameters());
        passes = new Pass[plan.coarseShares().size() + 1];
        order = new int[model.shots()];
        terms = new double[pass(0).graph.termNames().size()];
    }

    private Pass pass(int reduction) {
        if (passes[reduction] == null) {
            ForwardModel reduced =
                    reduction == 0 ? model : model.reduced(1 << reduction).orElse(null);
            if (reduced == null) return pass(reduction - 1);
            SpaceTimeField field = new SpaceTimeField(
                    device,
                    spec,
                    object.leaf(),
                    motion.leaf(),
                    reduced.moments(0).length,
                    reduced.samples(),
                    reach(reduced));
            ForwardModel.Comparison comparison = reduced.attach(device, field.scene(), instrument.leaf());
            List<LossTerm> terms = new ArrayList<>(comparison.terms());
            if (plan.motionRoughness() > 0 && !plan.motion().frozen()) {
                terms.add(new Roughness(
                        device,
                        "motion roughness",
                        field.motion(),
                        plan.motionRoughness(),
                        reduced.samples(),
                        reduced.moments(0).length,
                        spec.motionScale(),
                        reduced.showsAllAtOnce()));
            }
            passes[reduction] = new Pass(reduced, field, comparison, new Graph(device, terms));
        }
        return passes[reduction];
    }

    private static int reach(ForwardModel model) {
        int reach = 0;
        for (int shot = 0; shot < model.shots(); shot++) reach = Math.max(reach, model.shift(shot));
        return reach;
    }

    public int epoch() {
        return epoch;
    }

    public TrainingPlan plan() {
        return plan;
    }

    /** Mean loss of every epoch done. */
    public double[] losses() {
        return Arrays.copyOf(losses, epoch);
    }

    /** Names of the loss terms, in the order in which listeners get them. */
    public List<String> termNames() {
        return graph().termNames();
    }

    /**
     * Trains until the plan's epochs are done or {@code stop} says so between two epochs.
     *
     * @throws DivergedException if the loss becomes NaN or infinite; the state is that of the failed epoch
     */
    public void run(TrainingListener listener, BooleanSupplier stop) {
        while (epoch < plan.epochs() && !stop.getAsBoolean()) runEpoch(listener);
    }

    /** One pass over all shots. */
    public void runEpoch(TrainingListener listener) {
        shuffle();
        double alpha = openedAfter(epoch + 1);
        Pass pass = pass(plan.reduction(epoch));
        int steps = 0;
        for (int first = 0; first < order.length; first += plan.batchSize(), steps++)
            runStep(pass, first, Math.min(plan.batchSize(), order.length - first), alpha);
        pass.graph.takeTerms(terms);
        for (int i = 0; i < terms.length; i++) terms[i] /= steps;
        double loss = pass.graph.loss(terms);
        if (!Double.isFinite(loss)) throw new DivergedException(epoch + 1, loss);
        if (losses.length <= epoch) losses = Arrays.copyOf(losses, Math.max(plan.epochs(), epoch + 1));
        losses[epoch++] = loss;
        listener.epochDone(epoch, loss, terms);
    }

    /** How far the scene's features are open after so many epochs, 0 to 1. */
    private double openedAfter(int epochs) {
        return plan.annealedEpochs() == 0 ? 1 : Math.min(1, epochs / plan.annealedEpochs());
    }

    /** The loss of a step is the mean over its shots. */
    private void runStep(Pass pass, int first, int shots, double alpha) {
        pass.field.anneal(alpha);
        pass.comparison.progress((double) epoch / plan.epochs());
        object.beginStep(step);
        motion.beginStep(step);
        instrument.beginStep(step);
        for (int i = first; i < first + shots; i++) compare(pass, order[i], 1.0 / shots);
        object.endStep(step);
        motion.endStep(step);
        instrument.endStep(step);
        step++;
    }

    /** Adds one shot's share of the loss and of its gradient. */
    private void compare(Pass pass, int shot, double share) {
        show(pass, shot);
        if (device.records() && pass.comparison.variant().isPresent())
            device.repeat(
                    new Repetition(
                            pass.graph, shot, share, pass.comparison.variant().getAsInt()),
                    () -> pass.graph.step(share));
        else pass.graph.step(share);
    }

    private void show(Pass pass, int shot) {
        double[] moments = pass.model.moments(shot);
        for (int i = 0; i < moments.length; i++) pass.field.setTime(i, time(moments[i]));
        pass.field.moveTo(pass.model.shift(shot));
        pass.comparison.select(shot);
    }

    /** Mean of the data term over all shots as they are now; nothing is learned. */
    public double dataTerm() {
        double[] sum = new double[1];
        eachShot((pass, shot) -> sum[0] += pass.graph.term(0));
        return sum[0] / model.shots();
    }

    /** Receives one shot after another and what the model leaves of it. */
    public interface ResidualListener {
        /** @param shape {@code [.., row, column]} of both */
        void shot(Shape shape, float[] measured, float[] difference);
    }

    /**
     * Shows what the model leaves of every shot. Nothing is learned, and nothing shown where the system does not tell.
     */
    public void residuals(ResidualListener listener) {
        eachShot((pass, shot) -> pass.comparison
                .residual()
                .ifPresent(rest -> listener.shot(
                        rest.measured().shape(), device.read(rest.measured()), device.read(rest.difference()))));
    }

    private interface Look {
        void at(Pass pass, int shot);
    }

    private void eachShot(Look look) {
        Pass pass = pass(0);
        pass.field.anneal(openedAfter(epoch));
        pass.comparison.progress((double) epoch / plan.epochs());
        for (int shot = 0; shot < model.shots(); shot++) {
            show(pass, shot);
            pass.graph.forward();
            look.at(pass, shot);
        }
        pass.graph.takeTerms(new double[terms.length]);
    }

    /** A frozen motion means a scene that does not move: every shot shows time 0. */
    private double time(double shotTime) {
        return plan.motion().frozen() ? 0 : shotTime;
    }

    /**
     * Works through one shot without learning from it, to see what an epoch will cost.
     *
     * @param reduction binary logarithm of the pictures' reduction, another than that of the epoch under way
     * @return seconds of an epoch; NaN where gradients are summed over several steps, which would be disturbed
     */
    public double rehearse(int reduction) {
        if (plan.object().updateEvery() > 1
                || plan.motion().updateEvery() > 1
                || plan.instrument().updateEvery() > 1) return Double.NaN;
        Pass pass = pass(reduction);
        double least = Double.POSITIVE_INFINITY;
        double spent = 0;
        // At first memory is touched and kernels are compiled: tried until it does not become faster any more.
        for (int i = 0, unimproved = 0; i < 2 || spent < REHEARSAL_SECONDS && unimproved < 8; i++) {
            long start = System.nanoTime();
            compare(pass, 0, 1);
            pass.graph.takeTerms(new double[terms.length]);
            double seconds = (System.nanoTime() - start) / 1e9;
            spent += seconds;
            unimproved = seconds < 0.95 * least ? 0 : unimproved + 1;
            least = Math.min(least, seconds);
        }
        return least * order.length;
    }

    private void shuffle() {
        SplittableRandom random = new SplittableRandom(plan.seed() + 31L * (epoch + 1));
        for (int i = 0; i < order.length; i++) order[i] = i;
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }

    /** The graph of a shot in full, for those who measure it. */
    public Graph graph() {
        return pass(0).graph;
    }

    /** @param fingerprint of configuration and data, kept with the state */
    public TrainingState state(String fingerprint) {
        return new TrainingState(
                fingerprint, epoch, step, object.state(), motion.state(), instrument.state(), losses());
    }

    /** Goes on from a state of the same run. */
    public void restore(TrainingState state) {
        object.restore(state.object());
        motion.restore(state.motion());
        instrument.restore(state.instrument());
        losses = state.losses().clone();
        epoch = state.epoch();
        step = state.step();
    }
}
