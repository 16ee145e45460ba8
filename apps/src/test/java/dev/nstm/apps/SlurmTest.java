package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nstm.apps.zarr.OmeZarrReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patches on a real Slurm cluster of one machine, started here; skipped, saying why, where it cannot be started. */
class SlurmTest {
    private static final List<Process> DAEMONS = new ArrayList<>();

    @TempDir
    private static Path directory;

    private static Path configuration;

    @BeforeAll
    static void startCluster() throws Exception {
        for (String program : List.of("munged", "slurmctld", "slurmd", "sbatch", "sinfo"))
            assumeTrue(found(program), program + " is not installed (Debian: slurm-wlm, munge)");
        assumeTrue("root".equals(System.getProperty("user.name")), "Slurm's daemons are started as root only");
        for (String folder : List.of("state", "spool", "run")) Files.createDirectory(directory.resolve(folder));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        byte[] key = new byte[128];
        new SecureRandom().nextBytes(key);
        Files.setPosixFilePermissions(
                Files.write(directory.resolve("munge.key"), key), PosixFilePermissions.fromString("rw-------"));
        String host = host();
        configuration = Files.writeString(
                directory.resolve("slurm.conf"), """
                ClusterName=test
                SlurmctldHost=HOST(127.0.0.1)
                SlurmUser=root
                SlurmdUser=root
                AuthType=auth/munge
                AuthInfo=socket=DIR/run/munge.socket
                CredType=cred/munge
                ProctrackType=proctrack/linuxproc
                TaskPlugin=task/none
                JobAcctGatherType=jobacct_gather/none
                AccountingStorageType=accounting_storage/none
                JobCompType=jobcomp/none
                SelectType=select/cons_tres
                SelectTypeParameters=CR_Core
                SchedulerParameters=batch_sched_delay=0,sched_interval=2
                SwitchType=switch/none
                MpiDefault=none
                ReturnToService=2
                SlurmdTimeout=6
                SlurmdParameters=config_overrides
                StateSaveLocation=DIR/state
                SlurmdSpoolDir=DIR/spool
                SlurmctldPidFile=DIR/run/slurmctld.pid
                SlurmdPidFile=DIR/run/slurmd.pid
                SlurmctldLogFile=DIR/slurmctld.log
                SlurmdLogFile=DIR/slurmd.log
                SlurmctldPort=16817
                SlurmdPort=16818
                NodeName=HOST NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
                PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP
                """.replace("HOST", host).replace("DIR", directory.toString()));
        daemon(
                "munged",
                "--foreground",
                "--force",
                "--key-file=" + directory.resolve("munge.key"),
                "--socket=" + directory.resolve("run/munge.socket"),
                "--pid-file=" + directory.resolve("run/munged.pid"),
                "--log-file=" + directory.resolve("munged.log"),
                "--seed-file=" + directory.resolve("munged.seed"));
        assumeTrue(
                soon(() -> Files.exists(directory.resolve("run/munge.socket"))),
                "munged opened no socket; see " + directory.resolve("munged.out"));
        daemon("slurmctld", "-D", "-c");
        daemon("slurmd", "-D");
        assumeTrue(
                soon(() -> output("sinfo", "-h", "-o", "%T").contains("idle")),
                "the node did not become idle; see " + directory.resolve("slurmctld.out"));
    }

    @AfterAll
    static void stopCluster() throws Exception {
        for (Process daemon : DAEMONS.reversed()) {
            daemon.destroy();
            if (!daemon.waitFor(10, TimeUnit.SECONDS)) daemon.destroyForcibly();
        }
    }

    private static boolean found(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String host() throws IOException {
        return InetAddress.getLocalHost().getHostName().replaceAll("\\..*", "");
    }

    private static void daemon(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        DAEMONS.add(started(command, directory.resolve(program + ".out")));
    }

    private static Process started(List<String> command, Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment());
        return builder.start();
    }

    private static Map<String, String> environment() {
        return Map.of(
                "SLURM_CONF",
                configuration.toString(),
                "PATH",
                System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/bin");
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static boolean soon(Condition condition) throws Exception {
        return within(20, condition);
    }

    private static boolean within(int seconds, Condition condition) throws Exception {
        for (int i = 0; i < 2 * seconds; i++) {
            if (condition.holds()) return true;
            Thread.sleep(500);
        }
        return false;
    }

    private static String output(String... command) throws Exception {
        Path file = Files.createTempFile(directory, "out", ".txt");
        Process process = started(List.of(command), file);
        if (!process.waitFor(3, TimeUnit.SECONDS)) process.destroyForcibly();
        return Files.readString(file);
    }

    @Test
    void piecesRunAsJobArraysAndAKilledOneIsTriedAgain() throws Exception {
        Path config = Files.writeString(directory.resolve("sim.yaml"), """
                system: sim
                data: {phases: 3}
                optics: {wavelength: 0.525, excitationWavelength: 0.488, numericalAperture: 1.2, mediumIndex: 1.33, pixelSize: 0.08, zStep: 0.15}
                sim: {angles: [0.3, 1.347, 2.394], lineSpacings: [0.24]}
                simulation: {planes: 1, height: 32, width: 56, photons: 5000}
                object: {width: 16, log2TableSize: 10}
                training: {epochs: 40, checkpointEvery: 5}
                """);
        Path shots = directory.resolve("shots.npz");
        Path field = directory.resolve("field");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString())
                        .exitCode());
        assertEquals(
                0,
                CommandLineRunner.run(
                                "batch",
                                "plan",
                                config.toString(),
                                "--data",
                                shots.toString(),
                                "--set",
                                "patches.size=[32, 32]",
                                "--set",
                                "patches.overlap=8",
                                "--out",
                                field.toString())
                        .exitCode());
        CommandLineRunner.Result submitted = submit(field);
        assertEquals(0, submitted.exitCode(), submitted.err());
        assertTrue(submitted.out().contains("2 pieces in 1 job arrays"), submitted.out());
        assertTrue(
                soon(() -> ProcessHandle.allProcesses().anyMatch(SlurmTest::isFirstPiece)),
                "the first piece was not started");
        ProcessHandle.allProcesses().filter(SlurmTest::isFirstPiece).forEach(ProcessHandle::destroyForcibly);
        assertTrue(
                within(
                        240,
                        () -> Files.exists(field.resolve("movie.ome.zarr/.zattrs"))
                                && output("squeue", "-h").isBlank()),
                "the jobs did not end: " + output("squeue") + logs(field));
        assertTrue(logs(field).contains("attempt 1 at piece 0 ended with status 137"), logs(field));
        OmeZarrReader movie = OmeZarrReader.open(field.resolve("movie.ome.zarr"));
        assertEquals(9, movie.size('t'));
        assertEquals(112, movie.size('x'));
        CommandLineRunner.Result again = submit(field);
        assertTrue(again.err().contains("all 2 pieces are done"), again.err());
    }

    /** The node's daemon dies in the middle, and all that ran under it; the job is queued again, and goes on. */
    @Test
    void aPieceOnALostNodeIsRunAgain() throws Exception {
        Path config = Files.writeString(directory.resolve("dpc.yaml"), """
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454, rotations: [0, 90, 180, 270]}
                simulation: {height: 48, width: 48, shots: 6, drift: 3}
                windows: {shots: 4}
                training: {epochs: 300, checkpointEvery: 5}
                loss: {light: even, motionRoughness: 0.03}
                """);
        Path shots = directory.resolve("recording.npz");
        Path movie = directory.resolve("movie");
        CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString());
        CommandLineRunner.Result plan = CommandLineRunner.run(
                "batch", "plan", config.toString(), "--data", shots.toString(), "--out", movie.toString());
        assertEquals(0, plan.exitCode(), plan.err());
        CommandLineRunner.Result submitted = submit(movie);
        assertEquals(0, submitted.exitCode(), submitted.err());
        assertTrue(submitted.out().contains("2 pieces in 2 job arrays"), submitted.out());
        String script = Files.readString(movie.resolve("piece.sbatch"));
        assertTrue(script.contains("#SBATCH --mem=") && script.contains("#SBATCH --time="), script);
        assertTrue(
                within(60, () -> Files.exists(movie.resolve("pieces/w00000/p00000/checkpoints/epoch-00000010.ckpt"))),
                "the first piece did not get on: " + logs(movie));
        DAEMONS.removeLast().destroyForcibly().waitFor();
        ProcessHandle.allProcesses()
                .filter(process -> isFirstPiece(process)
                        || process.info().command().orElse("").contains("slurmstepd"))
                .forEach(ProcessHandle::destroyForcibly);
        assertTrue(within(60, () -> output("sinfo", "-h", "-o", "%T").contains("down")), "the node was not missed");
        daemon("slurmd", "-D");
        assertTrue(
                within(
                        240,
                        () -> Files.exists(movie.resolve("movie.ome.zarr/.zattrs"))
                                && output("squeue", "-h").isBlank()),
                "the jobs did not end: " + output("squeue") + logs(movie));
        assertTrue(logs(movie).contains("going on after epoch"), logs(movie));
        assertEquals(6, OmeZarrReader.open(movie.resolve("movie.ome.zarr")).size('t'));
    }

    private static CommandLineRunner.Result submit(Path batch) throws Exception {
        return CommandLineRunner.run(environment(), "batch", "submit", batch.toString(), "--slurm", "--threads", "1");
    }

    private static String logs(Path batch) throws IOException {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.list(batch)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) logs.append(log.getFileName()).append(":\n").append(Files.readString(log));
        }
        return logs.toString();
    }

    /** The program itself, not the shell of its batch script. */
    private static boolean isFirstPiece(ProcessHandle process) {
        String line = process.info().commandLine().orElse("");
        return line.contains("java") && line.contains("batch run") && line.endsWith("--only 0");
    }
}
