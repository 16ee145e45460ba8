package dev.nstm.cuda;

import dev.nstm.device.DeviceException;
import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Brings the CUDA libraries into the process, where the generated bindings look for them. */
final class CudaLibraries {
    private CudaLibraries() {}

    /** Loads every library; once loaded they stay. @throws DeviceException that names what is missing */
    static void load(LibrarySearch search) {
        for (CudaLibrary library : CudaLibrary.values()) {
            LibrarySearch.Outcome outcome = search.find(library);
            Path file = outcome.file()
                    .orElseThrow(() -> new DeviceException(library.title() + " of CUDA: " + outcome.reason()));
            if (library == CudaLibrary.NVRTC) loadBuiltins(file);
            load(file);
            List<String> missing = missing(library);
            if (!missing.isEmpty())
                throw new DeviceException(
                        file + " has no " + missing.getFirst() + "; CUDA 12 or newer is needed, update the "
                                + (library == CudaLibrary.DRIVER ? "NVIDIA driver" : "library"));
        }
    }

    private static void load(Path file) {
        try {
            System.load(file.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError refused) {
            throw new DeviceException(file + " cannot be loaded: " + refused.getMessage(), refused);
        }
    }

    /** The compiler asks for a second library by its bare name, which is found if it is there already. */
    private static void loadBuiltins(Path compiler) {
        try (DirectoryStream<Path> builtins = Files.newDirectoryStream(
                compiler.toAbsolutePath().getParent(), "{libnvrtc-builtins.so.*,nvrtc-builtins64_*.dll}")) {
            for (Path file : builtins) load(file);
        } catch (IOException unreadable) {
            throw new DeviceException("the folder of " + compiler + " cannot be read", unreadable);
        }
    }

    private static List<String> missing(CudaLibrary library) {
        SymbolLookup loaded = SymbolLookup.loaderLookup();
        return library.symbols().stream()
                .filter(symbol -> loaded.find(symbol).isEmpty())
                .toList();
    }
}
