package dev.nstm.autodiff;

import dev.nstm.device.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All nodes that a loss depends on, in an order in which they can be computed. */
public final class Graph {
    private final Device device;
    private final Node[] order;
    private final LossTerm[] terms;
    private final Device.Sums sums;
    private final double[] termValues;
    private final long[] forwardNanos;
    private final long[] backwardNanos;

    /** A graph that ends in a loss. */
    public Graph(Device device, List<LossTerm> terms) {
        this(device, terms, terms.stream().map(LossTerm::input).toList());
    }

    /** A graph that is only evaluated. */
    public static Graph evaluating(Device device, Node output) {
        return new Graph(device, List.of(), List.of(output));
    }

    private Graph(Device device, List<LossTerm> terms, List<Node> ends) {
        this.device = device;
        this.terms = terms.toArray(LossTerm[]::new);
        sums = device.sums(Math.max(1, this.terms.length));
        termValues = new double[this.terms.length];
        Set<Node> found = new LinkedHashSet<>();
        for (Node end : ends) visit(end, found);
        order = new ArrayList<>(found).toArray(Node[]::new);
        forwardNanos = new long[order.length];
        backwardNanos = new long[order.length];
    }

    private static void visit(Node node, Set<Node> found) {
        if (found.contains(node)) return;
        for (Node input : node.inputs()) visit(input, found);
        found.add(node);
    }

    /** Computes every node and returns the loss. */
    public double forward() {
        sums.clear();
        compute(1);
        sums.read(termValues);
        return loss(termValues);
    }

    /**
     * Computes every node and sends back {@code share} times the gradient of the loss, for a loss that is the mean over
     * several runs of the graph. Every term times {@code share} is added to the sums that {@link #takeTerms} reads. A
     * device may still be at work when this method returns.
     */
    public void step(double share) {
        compute(share);
        backward(share);
    }

    /**
     * Writes the sums of the terms over all steps since the last call (or since the graph was made) into an array and
     * sets the sums to zero.
     */
    public void takeTerms(double[] termValues) {
        sums.read(termValues);
        sums.clear();
    }

    /** The loss that these terms make. */
    public double loss(double[] termValues) {
        double loss = 0;
        for (int i = 0; i < terms.length; i++) loss += terms[i].weight() * termValues[i];
        return loss;
    }

    private void compute(double share) {
        for (int i = 0; i < order.length; i++) {
            long start = System.nanoTime();
            order[i].forward();
            forwardNanos[i] += System.nanoTime() - start;
        }
        for (int i = 0; i < terms.length; i++) terms[i].forward(sums, i, share);
    }

    /** Sends the gradient of the loss of the last {@link #forward} back to all parameters. */
    public void backward() {
        backward(1);
    }

    private void backward(double share) {
        for (Node node : order) {
            if (node.gradient() != null && !(node instanceof Leaf)) device.fill(node.gradient(), 0);
        }
        for (LossTerm term : terms) if (term.input().gradient() != null) term.backward(share);
        for (int i = order.length - 1; i >= 0; i--) {
            if (order[i].gradient() == null) continue;
            long start = System.nanoTime();
            order[i].backward();
            backwardNanos[i] += System.nanoTime() - start;
        }
    }

    /** Time spent in a node since the graph was built or {@link #resetTimes} was called. */
    public record NodeTime(Node node, long forwardNanos, long backwardNanos) {}

    public List<NodeTime> times() {
        List<NodeTime> times = new ArrayList<>();
        for (int i = 0; i < order.length; i++) times.add(new NodeTime(order[i], forwardNanos[i], backwardNanos[i]));
        return times;
    }

    public void resetTimes() {
        Arrays.fill(forwardNanos, 0);
        Arrays.fill(backwardNanos, 0);
    }

    /** Value of a term in the last {@link #forward}, before it is weighted. */
    public double term(int index) {
        return termValues[index];
    }

    public List<String> termNames() {
        List<String> names = new ArrayList<>();
        for (LossTerm term : terms) names.add(term.name());
        return names;
    }
}
