package dev.nstm.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is compiled at once.
 *
 * @param sources files, one after the other
 * @param ending text after them
 * @param kernels what the program has of them
 */
record Program(List<String> sources, String ending, Set<Kernel> kernels) {
    private static final Set<Kernel> PERCEPTRON_KERNELS =
            EnumSet.of(Kernel.FORWARD_PERCEPTRON, Kernel.BACKWARD_PERCEPTRON);

    /** All kernels but those of perceptrons, which take longer to compile and come in several widths. */
    static Program operations() {
        return new Program(
                List.of("prelude.cu", "elementwise.cu", "reduction.cu", "encoding.cu", "activation.cu", "layers.cu"),
                "",
                EnumSet.complementOf(EnumSet.copyOf(PERCEPTRON_KERNELS)));
    }

    /**
     * A whole multilayer perceptron.
     *
     * @param width most neurons of a hidden layer: 32, 64 or 128
     * @param tensorCores whether its products are those of the tensor cores
     */
    static Program perceptron(int width, boolean tensorCores) {
        return new Program(
                List.of("prelude.cu", "tensor_cores.cu", "activation.cu", "tile.cu", "perceptron.cu"),
                "PERCEPTRON_KERNELS(" + width + ", " + tensorCores + ")\n",
                PERCEPTRON_KERNELS);
    }

    String text() {
        StringBuilder program = new StringBuilder(Definitions.text());
        for (String name : sources) program.append(text(name)).append('\n');
        return program.append(ending).toString();
    }

    /** One of the files. */
    static String text(String name) {
        try (InputStream in = Program.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
