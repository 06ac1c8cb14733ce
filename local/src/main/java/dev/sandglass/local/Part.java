package dev.sandglass.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of the stack, as data: a {@link Keeper} gives it life.
 *
 * @param name as in {@code ./run ps}
 * @param port the one it is known by
 * @param ports every port it listens on, by the name that moves it
 * @param start what to run
 * @param prepare done before each start
 * @param up whether it can be used
 * @param whole whether all around it is in place as well: a sidecar is up without its service, and whole with it
 * @param needs parts without which it is not up, itself left out
 * @param after those of them that must not be starting any more when they come up together
 * @param gentle the signal that asks it to end
 */
record Part(
        String name,
        int port,
        Map<String, Integer> ports,
        Start start,
        Preparation prepare,
        Probe up,
        Probe whole,
        List<String> needs,
        List<String> after,
        String gentle) {

    /**
     * @param command program and arguments
     * @param environment set above the caller's
     * @param directory where it runs
     */
    record Start(List<String> command, Map<String, String> environment, Path directory) {}

    /** What a start needs beforehand: a formatted data folder, links to the program. */
    interface Preparation {
        Preparation NONE = say -> {};

        /**
         * @param say takes a word on what is going on, for the display
         * @throws IOException if the part cannot be started so
         */
        void run(Consumer<String> say) throws IOException;
    }

    /** What {@code ./run ps} calls it. */
    enum State {
        STARTING,
        RUNNING,
        STOPPED,
        FAILED,
        ABSENT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A part as it is now.
     *
     * @param pid null while there is no process
     * @param port null of a part that is not to be had
     * @param log its log file
     * @param whole whether all around it is in place too
     * @param deaths how often it died in a row without having been up
     * @param note what it does, lacks, or why it failed, empty if there is nothing to say
     */
    record Status(
            String name,
            @Nullable Long pid,
            State state,
            @Nullable Integer port,
            String log,
            boolean whole,
            int deaths,
            String note) {}
}
