package dev.sandglass.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program that was not written for this server, by which a test tries it. */
final class ForeignProgram {
    private ForeignProgram() {}

    /** The end of a program, and all that it said. */
    record Ended(int status, String said) {}

    /**
     * Runs a program to its end.
     *
     * @param into the file for what it says
     * @param minutes after which it is killed
     */
    static Ended run(Path into, long minutes, ProcessBuilder program) throws IOException, InterruptedException {
        Process running =
                program.redirectErrorStream(true).redirectOutput(into.toFile()).start();
        if (!running.waitFor(minutes, TimeUnit.MINUTES)) {
            running.destroyForcibly();
        }
        return new Ended(running.waitFor(), Files.readString(into));
    }

    /**
     * Leaves the test out, and says why, where the program is not there.
     *
     * @param test its class
     * @param installed by which command
     * @param command ends with 0 where the program is there
     */
    static void isNeeded(Class<?> test, String installed, String... command) throws InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            there = false;
        }
        if (!there) {
            System.err.println("%s is left out: \"%s\" does not work here (%s)"
                    .formatted(test.getSimpleName(), String.join(" ", command), installed));
        }
        assumeTrue(there);
    }
}
