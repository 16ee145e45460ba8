package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.device.DeviceSettings;
import dev.nstm.device.Devices;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where and how to compute, for commands that do. */
final class DeviceOptions {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(MB|GB)", Pattern.CASE_INSENSITIVE);

    /** How a GPU multiplies matrices. */
    enum Precision {
        FP32,
        TF32
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the processor to use; all by default. Results do not depend on it.")
    private Integer threads;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--gpu-memory",
            paramLabel = "SIZE",
            description = "Most memory to take on a GPU, such as 24GB or 800MB; all that is free by default.")
    private String gpuMemory;

    @Option(
            names = "--precision",
            paramLabel = "WHICH",
            defaultValue = "fp32",
            description =
                    "fp32 or, on a GPU, tf32: faster matrix products of 10-bit factors (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(
            names = "--deterministic",
            description = "On a GPU: the same bits in every run, at a price in speed. A processor gives them always.")
    private boolean deterministic;

    int threads() {
        if (threads == null) return Runtime.getRuntime().availableProcessors();
        if (threads < 1)
            throw new ParameterException(command.commandLine(), "--threads must be at least 1, got " + threads);
        return threads;
    }

    /** Leaves processors to others that work beside this process, unless the threads were asked for. */
    void share(int processes) {
        if (threads == null) threads = Math.max(1, threads() / processes);
    }

    /** Refuses what cannot be, before any work is done. */
    void check() {
        settings();
    }

    /** Opens the device that was asked for. */
    Device open() {
        return Devices.open(device, settings(), StandardError::tell);
    }

    private DeviceSettings settings() {
        require(!device.isBlank(), "--device needs a name");
        return new DeviceSettings(threads(), memoryLimit(), precision == Precision.TF32, deterministic);
    }

    private long memoryLimit() {
        if (gpuMemory == null) return Long.MAX_VALUE;
        Matcher size = SIZE.matcher(gpuMemory.strip());
        if (!size.matches())
            throw new ParameterException(
                    command.commandLine(), "--gpu-memory takes a size such as 24GB or 800MB, got " + gpuMemory);
        double bytes = Double.parseDouble(size.group(1)) * (size.group(2).equalsIgnoreCase("GB") ? 1e9 : 1e6);
        if (bytes < 1e6)
            throw new ParameterException(command.commandLine(), "--gpu-memory must be at least 1MB, got " + gpuMemory);
        return (long) bytes;
    }
}
