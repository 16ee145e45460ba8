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
        name = "monitor",
        mixinStandardHelpOptions = true,
        description = "Opens a page in the browser that follows and steers runs started with --monitor.",
        footer = {
            "",
            "Examples:",
            "  nstm reconstruct my.yaml --out cells --monitor     in one terminal",
            "  nstm monitor cells                                 in another"
        })
final class MonitorCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Directory of a run, or a folder that holds several.")
    private Path directory;

    @Mixin
    private PageOptions page;

    @Override
    public Integer call() throws Exception {
        page.serve(List.of(directory), EnumSet.of(Room.RUNS), 0);
        return 0;
    }
}
