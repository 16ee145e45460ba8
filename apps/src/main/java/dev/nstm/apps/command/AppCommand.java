package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.page.PageServer.Room;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "app",
        mixinStandardHelpOptions = true,
        description =
                "Opens a page in the browser on which runs are set up, followed, steered and looked at; it computes on this machine and sees the given folder only.",
        footer = {"", "Examples:", "  nstm app", "  nstm app recordings --port 8765 --no-browser"})
final class AppCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "Folder with recordings and results; the working directory by default.")
    private Path directory;

    @Option(
            names = "--upload",
            paramLabel = "MB",
            defaultValue = "4096",
            description = "Largest file that may be dropped onto the page, in megabytes (default: ${DEFAULT-VALUE}).")
    private long uploadMegabytes;

    @Mixin
    private PageOptions page;

    @Override
    public Integer call() throws Exception {
        require(
                uploadMegabytes >= 1 && uploadMegabytes < 1L << 30,
                "--upload must be at least 1, got %d",
                uploadMegabytes);
        page.serve(List.of(directory), EnumSet.allOf(Room.class), uploadMegabytes);
        return 0;
    }
}
