package dev.nstm.cuda;

import dev.nstm.device.Device;
import dev.nstm.device.DeviceProvider;
import dev.nstm.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Tells what CUDA this machine has. This version has no CUDA device yet, and says so. */
public final class CudaDeviceProvider implements DeviceProvider {
    private final LibrarySearch search;

    /** Searches as the environment of this process says. */
    public CudaDeviceProvider() {
        this(new LibrarySearch(System.getenv()));
    }

    CudaDeviceProvider(LibrarySearch search) {
        this.search = search;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String unavailableReason() {
        LibrarySearch.Outcome driver = search.find(CudaLibrary.DRIVER);
        return driver.file().isPresent() ? "an NVIDIA driver is installed, but this version of nstm computes on the processor only" : "no NVIDIA driver: " + driver.reason();
    }

    @Override
    public List<String> facts() {
        List<String> facts = new ArrayList<>();
        for (CudaLibrary library : CudaLibrary.values()) {
            LibrarySearch.Outcome outcome = search.find(library);
            facts.add(library.title() + ": " + outcome.file().map(Object::toString).orElse(outcome.reason()));
        }
        return facts;
    }

    @Override
    public Device open() {
        throw new InvalidInputException(unavailableReason());
    }
}
