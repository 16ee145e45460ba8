package dev.nstm.apps.mutation;

import dev.nstm.tensor.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Damages files of every kind in many ways and tries to read them, in a process of its own with little memory. Prints a
 * table and what was wrong; ends with status 1 where anything was.
 */
final class MutationRun {
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST_TOLD = 40;

    private int faults;

    private MutationRun() {}

    /** @param arguments number of mutations, seed, and a directory to work in */
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        Path directory = Path.of(arguments[2]);
        MutationRun run = new MutationRun();
        List<Sample> samples = new Samples(directory).all();
        System.out.printf(
                "seed %d, %d MB of heap%n%-18s %9s %8s %10s %12s%n",
                seed,
                Runtime.getRuntime().maxMemory() >> 20,
                "reader",
                "mutations",
                "refused",
                "unchanged",
                "other values");
        for (int i = 0; i < samples.size(); i++)
            run.all(
                    samples.get(i),
                    count * (i + 1) / samples.size() - count * i / samples.size(),
                    new SplittableRandom(seed + i),
                    directory);
        System.out.println(run.faults + " faults");
        System.exit(run.faults == 0 ? 0 : 1);
    }

    private void all(Sample sample, int count, SplittableRandom random, Path directory) throws Exception {
        Path folder = Files.createDirectories(directory.resolve(sample.name().replaceAll("\\W+", "-")));
        Path file = folder.resolve(sample.file());
        Files.write(file, sample.bytes());
        long whole = sample.reader().read(file);
        int refused = 0;
        int unchanged = 0;
        int other = 0;
        for (int i = 0; i < count; i++) {
            long place = random.nextLong();
            byte[] damaged = Mutations.of(sample.bytes(), new SplittableRandom(place));
            Files.write(file, damaged);
            long start = System.nanoTime();
            try {
                if (sample.reader().read(file) == whole) unchanged++;
                else if (sample.checked()) fault(sample, place, damaged, "other values without a word");
                else other++;
            } catch (InvalidInputException told) {
                refused++;
                if (told.getMessage().lines().count() != 1)
                    fault(sample, place, damaged, "several lines: " + told.getMessage());
                if (!told.getMessage().contains(sample.file()))
                    fault(sample, place, damaged, "no file named: " + told.getMessage());
            } catch (Throwable unexpected) {
                fault(sample, place, damaged, unexpected.toString());
            }
            if (System.nanoTime() - start > SLOW_NANOS)
                fault(
                        sample,
                        place,
                        damaged,
                        "slow: " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
        }
        System.out.printf(Locale.ROOT, "%-18s %9d %8d %10d %12d%n", sample.name(), count, refused, unchanged, other);
    }

    private void fault(Sample sample, long place, byte[] damaged, String what) {
        if (faults++ < MOST_TOLD)
            System.out.printf("FAULT %s, mutation %d (%d bytes): %s%n", sample.name(), place, damaged.length, what);
    }
}
