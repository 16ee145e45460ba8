package dev.nstm.device.cpu;

import dev.nstm.simd.AdamKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** One Adam update of all parameters. */
final class AdamJob extends PieceJob {
    private MemorySegment parameters;
    private MemorySegment gradient;
    private MemorySegment firstMoment;
    private MemorySegment secondMoment;
    private float rate;
    private float b1;
    private float b2;
    private float epsilon;
    private float correction1;
    private float correction2;

    AdamJob(ThreadTeam team) {
        super(team);
    }

    AdamJob of(Tensor trained, Tensor slope, Tensor first, Tensor second) {
        parameters = trained.data();
        gradient = slope.data();
        firstMoment = first.data();
        secondMoment = second.data();
        return this;
    }

    /** See {@link dev.nstm.device.Device#adam}. */
    void update(int count, float learningRate, float decay1, float decay2, float least, float bias1, float bias2) {
        rate = learningRate;
        b1 = decay1;
        b2 = decay2;
        epsilon = least;
        correction1 = bias1;
        correction2 = bias2;
        share(count, 1);
    }

    @Override
    void work(int index, int first, int n) {
        AdamKernel.update(
                parameters,
                gradient,
                firstMoment,
                secondMoment,
                first,
                n,
                rate,
                b1,
                b2,
                epsilon,
                correction1,
                correction2);
    }
}
