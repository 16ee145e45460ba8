package dev.nstm.cuda;

import dev.nstm.device.Device;
import dev.nstm.device.DeviceException;
import dev.nstm.device.DeviceProvider;
import dev.nstm.device.DeviceSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** NVIDIA GPUs: tells what CUDA this machine has, and opens its first GPU. */
public final class CudaDeviceProvider implements DeviceProvider {
    private final LibrarySearch search;
    private final Path cache;

    /** Searches as the environment of this process says. */
    public CudaDeviceProvider() {
        this(new LibrarySearch(System.getenv()), KernelCompiler.usualCache(System.getenv()));
    }

    CudaDeviceProvider(LibrarySearch search, Path cache) {
        this.search = search;
        this.cache = cache;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String unavailableReason() {
        LibrarySearch.Outcome driver = search.find(CudaLibrary.DRIVER);
        if (driver.file().isEmpty()) return "no NVIDIA driver: " + driver.reason();
        for (CudaLibrary library : CudaLibrary.values()) {
            LibrarySearch.Outcome outcome = search.find(library);
            if (outcome.file().isEmpty()) return "no " + library.title() + " of CUDA: " + outcome.reason();
        }
        return "";
    }

    @Override
    public boolean absent() {
        return search.find(CudaLibrary.DRIVER).file().isEmpty() && !NvidiaCard.isThere(Path.of("/sys/bus/pci/devices"));
    }

    @Override
    public List<String> facts() {
        List<String> facts = new ArrayList<>();
        for (CudaLibrary library : CudaLibrary.values()) {
            LibrarySearch.Outcome outcome = search.find(library);
            facts.add(
                    library.title() + ": " + outcome.file().map(Path::toString).orElse(outcome.reason()));
        }
        if (unavailableReason().isEmpty()) facts.add("GPU: " + gpu());
        return facts;
    }

    private String gpu() {
        try (Device device = open(DeviceSettings.of(1))) {
            return device.description();
        } catch (DeviceException failure) {
            return failure.getMessage();
        }
    }

    @Override
    public Device open(DeviceSettings settings) {
        CudaLibraries.load(search);
        return new CudaDevice(settings, cache);
    }
}
