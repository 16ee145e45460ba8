package dev.nstm.simulate;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.SplittableRandom;

/** Pictures of a weak object as the forward model has them, written out once more. */
public final class WeakObjectPicture {
    private WeakObjectPicture() {}

    /** I = Re IFFT(Hu FFT(absorption) + Hp FFT(phase)) + normal noise. */
    public static Grid2D of(
            Grid2D absorption, Grid2D phase, WeakObjectTransfer transfer, double noise, SplittableRandom random) {
        ComplexGrid a = Fourier.forward(absorption);
        ComplexGrid p = Fourier.forward(phase);
        ComplexGrid hu = transfer.absorption();
        ComplexGrid hp = transfer.phase();
        ComplexGrid sum = new ComplexGrid(absorption.height(), absorption.width());
        for (int i = 0; i < sum.re().length; i++) {
            sum.re()[i] =
                    hu.re()[i] * a.re()[i] - hu.im()[i] * a.im()[i] + hp.re()[i] * p.re()[i] - hp.im()[i] * p.im()[i];
            sum.im()[i] =
                    hu.re()[i] * a.im()[i] + hu.im()[i] * a.re()[i] + hp.re()[i] * p.im()[i] + hp.im()[i] * p.re()[i];
        }
        Grid2D picture = Fourier.inverse(sum).real();
        for (int i = 0; i < picture.values().length; i++) picture.values()[i] += noise * random.nextGaussian();
        return picture;
    }
}
