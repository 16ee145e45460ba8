package dev.nstm.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds a library that stands in for the CUDA libraries: our kernels, compiled as C++, and the functions that the
 * device calls. It lets the CUDA device run in every build; it is no device for anyone's use.
 */
public final class CudaDouble {
    /** A function from its first line to the brace that ends it. */
    private static final Pattern DEFINITION = Pattern.compile(
            "^(?:KERNEL|static __device__) \\w+ (?<name>\\w+)\\(.*?^}", Pattern.MULTILINE | Pattern.DOTALL);

    private static final int BUILD_SECONDS = 120;

    private CudaDouble() {}

    /**
     * Builds the double under all names of the libraries, unless that was done from the same sources before.
     *
     * @param folder gets the libraries
     * @param options further options of the compiler
     * @return why it could not be built; empty where it was
     */
    public static Optional<String> build(Path folder, String... options) throws IOException, InterruptedException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        String kernels = kernels();
        String fresh = kernels + text("cuda_double.cpp") + text("on_processor.h") + String.join(" ", options);
        Path stamp = sources.resolve("stamp");
        if (Files.exists(stamp) && Files.readString(stamp).equals(fresh)) return Optional.empty();
        Files.writeString(sources.resolve("kernels.inc"), kernels);
        for (String name : List.of("cuda_double.cpp", "on_processor.h"))
            Files.writeString(sources.resolve(name), text(name));
        Path library = sources.resolve("double.so");
        List<String> command = new ArrayList<>(List.of(
                "g++",
                "-std=c++17",
                "-O3",
                "-ffp-contract=off",
                "-shared",
                "-fPIC",
                "-fvisibility=hidden",
                "-Wall",
                "-Wno-unused-function"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-o", library.toString(), sources.resolve("cuda_double.cpp").toString()));
        try {
            Process compiler = new ProcessBuilder(command).inheritIO().start();
            if (!compiler.waitFor(BUILD_SECONDS, TimeUnit.SECONDS) || compiler.exitValue() != 0)
                throw new AssertionError("the kernels do not compile as C++");
        } catch (IOException none) {
            return Optional.of("no g++ to build the double of the CUDA libraries with: " + none.getMessage());
        }
        for (CudaLibrary known : CudaLibrary.values())
            Files.copy(library, folder.resolve(known.fileNames().getFirst()), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(stamp, fresh);
        return Optional.empty();
    }

    /** All programs in one, without what the double has its own of, and the table of their kernels. */
    private static String kernels() {
        Set<String> files = new LinkedHashSet<>(Program.operations().sources());
        StringBuilder text = new StringBuilder();
        StringBuilder perceptrons = new StringBuilder();
        for (Program program : perceptrons()) {
            files.addAll(program.sources());
            text.append(program.ending());
            String suffix = program.ending().replaceAll("\\w+\\((\\d+), (\\w+)\\)\\s*", "_$1_$2");
            for (Kernel kernel : program.kernels()) perceptrons.append(entry(kernel.symbol() + suffix, true));
        }
        files.removeAll(List.of("prelude.cu", "tensor_cores.cu"));
        text.insert(
                0,
                Definitions.text()
                        + String.join("\n", files.stream().map(Program::text).toList()));
        return text + "static const KernelEntry KERNELS[] = {\n" + entries(text.toString()) + perceptrons + "};\n";
    }

    /** The programs of all perceptrons that there are. */
    static List<Program> perceptrons() {
        return Stream.of(32, 64, 128)
                .flatMap(width -> Stream.of(Program.perceptron(width, false), Program.perceptron(width, true)))
                .toList();
    }

    /**
     * The kernels that are seen in the text. A kernel waits for the other threads of its block if it, or a function
     * before it that it calls, does.
     */
    private static String entries(String kernels) {
        StringBuilder entries = new StringBuilder();
        List<String> waiting = new ArrayList<>(List.of("__syncthreads"));
        Matcher definition = DEFINITION.matcher(kernels);
        while (definition.find()) {
            boolean waits = waiting.stream().anyMatch(name -> definition.group().contains(name + "("));
            if (waits) waiting.add(definition.group("name"));
            if (definition.group().startsWith("KERNEL")) entries.append(entry(definition.group("name"), waits));
        }
        return entries.toString();
    }

    private static String entry(String kernel, boolean waits) {
        return "    {\"%1$s\", invoke<&%1$s>, countOf(&%1$s), %2$s},\n".formatted(kernel, waits);
    }

    private static String text(String name) throws IOException {
        try (InputStream in = CudaDouble.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
