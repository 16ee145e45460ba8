package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nstm.apps.io.Npz;
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
        Map<String, String> environment = builder.environment();
        environment.put("SLURM_CONF", directory.resolve("slurm.conf").toString());
        environment.put("PATH", environment.getOrDefault("PATH", "") + ":/usr/sbin:/usr/bin");
        return builder.start();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static boolean soon(Condition condition) throws Exception {
        for (int i = 0; i < 40; i++) {
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
    void patchesRunAsAJobArrayAndAKilledOneIsTriedAgain() throws Exception {
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
                                "patches",
                                "plan",
                                config.toString(),
                                "--data",
                                shots.toString(),
                                "--patch",
                                "32x32",
                                "--overlap",
                                "8",
                                "--out",
                                field.toString())
                        .exitCode());
        Path said = directory.resolve("submit.txt");
        Process submit = started(
                CommandLineRunner.command(
                        "patches", "submit", field.toString(), "--slurm", "--threads", "1", "--sbatch=--wait"),
                said);
        assertTrue(
                soon(() -> ProcessHandle.allProcesses().anyMatch(SlurmTest::isFirstPatch)),
                "the first patch was not started");
        ProcessHandle.allProcesses().filter(SlurmTest::isFirstPatch).forEach(ProcessHandle::destroyForcibly);
        assertTrue(submit.waitFor(4, TimeUnit.MINUTES), "the job did not end");
        assertEquals(0, submit.exitValue(), Files.readString(said) + log(field, 0));
        assertTrue(log(field, 0).contains("attempt 1 ended with status 137"), log(field, 0));
        CommandLineRunner.Result merge = CommandLineRunner.run("patches", "merge", field.toString());
        assertEquals(0, merge.exitCode(), merge.err());
        assertEquals(
                "9x1x64x112", Npz.open(field.resolve("merged.npz")).get("recon").size());
        CommandLineRunner.Result again = CommandLineRunner.run("patches", "submit", field.toString(), "--slurm");
        assertTrue(again.err().contains("all 2 patches are done"), again.err());
    }

    private static String log(Path field, int patch) throws IOException {
        Path log = field.resolve("slurm-" + patch + ".log");
        return Files.exists(log) ? Files.readString(log) : "no log";
    }

    /** The program itself, not the shell of its batch script. */
    private static boolean isFirstPatch(ProcessHandle process) {
        String line = process.info().commandLine().orElse("");
        return line.contains("java") && line.contains("patches run") && line.endsWith("--only 0");
    }
}
