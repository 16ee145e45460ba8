package dev.nstm.apps.command;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.nstm.device.DeviceProvider;
import dev.nstm.device.Devices;
import dev.nstm.simd.Simd;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Tells what this machine offers: Java, cores, vectors, devices, and why a device cannot be used.",
        footer = {"", "Example:", "  nstm info"})
final class InfoCommand implements Callable<Integer> {
    @Option(names = "--verbose", description = "Also lists what was searched for devices that are not there.")
    private boolean verbose;

    @Override
    public Integer call() {
        Runtime runtime = Runtime.getRuntime();
        line("nstm", "0.1.0");
        line(
                "Java",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version") + " ("
                        + System.getProperty("java.vendor") + ")");
        line(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        line("cores", Integer.toString(runtime.availableProcessors()));
        line("heap", runtime.maxMemory() / (1 << 20) + " MB at most");
        line("vectors", Simd.describe());
        line("FMA", fusedMultiplyAdd());
        line("cpu", "available");
        for (DeviceProvider provider : Devices.providers()) {
            String reason = provider.unavailableReason();
            line(
                    provider.name(),
                    reason.isEmpty()
                            ? "available"
                            : provider.absent() && !verbose
                                    ? "no such device here (details with --verbose)"
                                    : "not available: " + reason);
            if (verbose || !provider.absent()) for (String fact : provider.facts()) line("", fact);
        }
        return 0;
    }

    /** Whether the just-in-time compiler has an instruction for fused multiply-add, as HotSpot tells. */
    private static String fusedMultiplyAdd() {
        try {
            String use = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("UseFMA")
                    .getValue();
            return use.equals("true") ? "in hardware" : "not in hardware: everything will be very slow";
        } catch (IllegalArgumentException | NullPointerException otherVirtualMachine) {
            return "unknown on this Java";
        }
    }

    private static void line(String name, String value) {
        System.out.printf("%-9s%s%n", name, value);
    }
}
