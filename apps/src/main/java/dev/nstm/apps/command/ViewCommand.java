package dev.nstm.apps.command;

import dev.nstm.apps.page.PageServer.Room;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        description =
                "Opens a page in the browser that shows results side by side: scene, motion, conventional result and raw shots.",
        footer = {"", "Examples:", "  nstm view nstm-out", "  nstm view first second movie.ome.zarr"})
final class ViewCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description = "Directories of runs, folders that hold several, or OME-Zarr pictures.")
    private List<Path> directories;

    @Mixin
    private PageOptions page;

    @Override
    public Integer call() throws Exception {
        page.serve(directories, EnumSet.of(Room.VIEW), 0);
        return 0;
    }
}
