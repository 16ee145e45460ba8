package dev.nstm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nstm.Seeds;
import dev.nstm.simd.Scalar;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One-, two- and three-dimensional transforms on a device. */
@Tag("simd")
@Tag("device")
class TransformTest {
    private final SplittableRandom random = Seeds.random();

    @ParameterizedTest
    @CsvSource({
        "1,5,7,9",
        "2,3,20,31",
        "2,1,45,39",
        "3,4,6,10",
        "3,5,7,11",
        "2,4,32,48",
        "1,33,1,13",
        "1,1,70,18",
        "2,2,33,65"
    })
    void realAndComplexTransformsAgreeWithTheDefinitionAndInvert(int axes, int outer, int height, int width) {
        try (Device device = TestDevice.open()) {
            int n = outer * height * width;
            float[] x = Scalar.random(random, n, 1);
            Tensor real = device.allocate(outer, height, width);
            device.write(real, x);
            int half = width / 2 + 1;
            Tensor spectrum = device.allocate(ElementType.COMPLEX64, outer, height, half);
            device.realTransform(axes, outer, height, width).forward(real, spectrum);
            Tensor complex = device.allocate(ElementType.COMPLEX64, outer, height, width);
            float[] interleaved = new float[2 * n];
            for (int i = 0; i < n; i++) interleaved[2 * i] = x[i];
            device.write(complex, interleaved);
            Device.ComplexTransform transform = device.complexTransform(axes, outer, height, width);
            transform.forward(complex);
            double[][] expected = definition(x, axes, outer, height, width);
            double tolerance = 2e-6 * Math.sqrt(n) * 4;
            float[] full = device.read(complex);
            float[] halfSpectrum = device.read(spectrum);
            for (int i = 0; i < n; i++) {
                assertEquals(expected[0][i], full[2 * i], tolerance);
                assertEquals(expected[1][i], full[2 * i + 1], tolerance);
                if (i % width < half) {
                    assertEquals(expected[0][i], halfSpectrum[2 * (i / width * half + i % width)], tolerance);
                    assertEquals(expected[1][i], halfSpectrum[2 * (i / width * half + i % width) + 1], tolerance);
                }
            }
            double energy = 0;
            double spectral = 0;
            for (int i = 0; i < n; i++) {
                energy += (double) x[i] * x[i];
                spectral += (double) full[2 * i] * full[2 * i] + (double) full[2 * i + 1] * full[2 * i + 1];
            }
            int transformed = axes == 1 ? width : axes == 2 ? height * width : n;
            assertEquals(energy, spectral / transformed, 1e-5 * energy, "Parseval");
            transform.inverse(complex);
            assertArrayEquals(interleaved, device.read(complex), 1e-5f);
            Tensor back = device.allocate(outer, height, width);
            device.realTransform(axes, outer, height, width).inverse(spectrum, back);
            assertArrayEquals(x, device.read(back), 1e-5f);
        }
    }

    private static double[][] definition(float[] x, int axes, int outer, int height, int width) {
        int n = x.length;
        double[] re = new double[n];
        double[] im = new double[n];
        for (int i = 0; i < n; i++) re[i] = x[i];
        int[] strides = {1, width, width * height};
        int[] lengths = {width, height, outer};
        for (int axis = 0; axis < axes; axis++) {
            for (int start = 0; start < n; start++) {
                if (start / strides[axis] % lengths[axis] != 0) continue;
                double[] a = new double[lengths[axis]];
                double[] b = new double[lengths[axis]];
                for (int i = 0; i < a.length; i++) {
                    a[i] = re[start + i * strides[axis]];
                    b[i] = im[start + i * strides[axis]];
                }
                double[][] line = Scalar.dft(a, b);
                for (int i = 0; i < a.length; i++) {
                    re[start + i * strides[axis]] = line[0][i];
                    im[start + i * strides[axis]] = line[1][i];
                }
            }
        }
        return new double[][] {re, im};
    }
}
